-- The node's journal. All times are UTC in 1/90000 s; ranges are half-open.

CREATE TABLE meta (              -- store_uuid, open_sequence, revision, clock_trust, lived
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE cameras (
    no             INTEGER PRIMARY KEY,      -- short for the UUID in every other table
    id             TEXT NOT NULL UNIQUE,     -- UUID
    name           TEXT NOT NULL DEFAULT '',
    url            TEXT NOT NULL DEFAULT '', -- without credentials
    credentials    BLOB,                     -- Fernet token over {"username","password"}, or NULL
    retention_days INTEGER NOT NULL DEFAULT 31,
    priority       INTEGER NOT NULL DEFAULT 100,
    sound_until_90k INTEGER NOT NULL DEFAULT 0, -- as in contract.CameraSource; since version 3
    enabled        INTEGER NOT NULL DEFAULT 1,
    tls_pin        TEXT NOT NULL DEFAULT '', -- as in contract.CameraSource; since version 2
    basic_allowed  INTEGER NOT NULL DEFAULT 0, -- as in contract.CameraSource; since version 4
    transport      TEXT NOT NULL DEFAULT 'tcp', -- as in contract.CameraSource; since version 4
    ordered        INTEGER,                  -- place in the order last given; NULL: no longer recorded, footage kept
    last_run       INTEGER NOT NULL DEFAULT 0,
    last_sequence  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE formats (           -- few and repeated, so segments name them by number
    no     INTEGER PRIMARY KEY,
    codec  TEXT NOT NULL,
    width  INTEGER NOT NULL,
    height INTEGER NOT NULL,
    UNIQUE (codec, width, height)
);

CREATE TABLE segments (
    id         INTEGER PRIMARY KEY,  -- in the order of recording, whatever the wall clock did
    camera     INTEGER NOT NULL REFERENCES cameras,
    run        INTEGER NOT NULL,
    sequence   INTEGER NOT NULL,
    start_90k  INTEGER NOT NULL,
    end_90k    INTEGER NOT NULL,
    path       TEXT,                 -- NULL where it is the usual name for its camera and start
    size_bytes INTEGER NOT NULL,
    sha256     BLOB NOT NULL,
    frames     INTEGER NOT NULL,
    format     INTEGER NOT NULL REFERENCES formats,
    deleting   TEXT,                 -- the reason, once deletion has begun
    aged_90k   INTEGER,              -- from where its age counts (Lived.lived_90k); NULL: from its end; since version 5
    UNIQUE (camera, sequence)
);
CREATE INDEX segments_time ON segments (camera, start_90k);
CREATE INDEX segments_deleting ON segments (id) WHERE deleting IS NOT NULL;

CREATE INDEX segments_aged ON segments (camera, aged_90k) WHERE aged_90k IS NOT NULL;

CREATE TABLE spans (             -- adjacent segments of one run, joined: what a timeline draws
    camera    INTEGER NOT NULL REFERENCES cameras,
    run       INTEGER NOT NULL,
    start_90k INTEGER NOT NULL,
    end_90k   INTEGER NOT NULL,
    PRIMARY KEY (camera, run, start_90k)
) WITHOUT ROWID;
CREATE INDEX spans_time ON spans (camera, end_90k);

CREATE TABLE open_files (        -- written before the file is made, gone in the transaction that adds its segment
    path      TEXT PRIMARY KEY,
    camera    INTEGER NOT NULL REFERENCES cameras,
    run       INTEGER NOT NULL,
    sequence  INTEGER NOT NULL,
    start_90k INTEGER NOT NULL,
    aged_90k  INTEGER                -- how much was lived at its start; since version 5
) WITHOUT ROWID;

CREATE TABLE gaps (
    id        INTEGER PRIMARY KEY,
    camera    INTEGER NOT NULL REFERENCES cameras,
    start_90k INTEGER NOT NULL,
    end_90k   INTEGER,               -- NULL while it lasts; equal to the start for a clock that went back
    cause     TEXT NOT NULL,
    detail    TEXT NOT NULL DEFAULT '',
    run       INTEGER                -- the run it lies inside, for pictures missed in a file that went on; else NULL
);
CREATE INDEX gaps_time ON gaps (camera, start_90k);
CREATE UNIQUE INDEX gaps_open ON gaps (camera) WHERE end_90k IS NULL;

CREATE TABLE holds (
    id             TEXT PRIMARY KEY, -- UUID
    camera         INTEGER NOT NULL REFERENCES cameras,
    start_90k      INTEGER NOT NULL,
    end_90k        INTEGER NOT NULL,
    owner          TEXT NOT NULL,
    reason         TEXT NOT NULL,
    expires_90k    INTEGER,          -- NULL: until let go
    put_90k        INTEGER NOT NULL,
    released_90k   INTEGER,          -- let go; the row stays as its history
    release_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX holds_camera ON holds (camera, released_90k);

CREATE TABLE receipts (
    id          INTEGER PRIMARY KEY,
    camera      INTEGER NOT NULL REFERENCES cameras,
    path        TEXT NOT NULL,
    start_90k   INTEGER NOT NULL,
    end_90k     INTEGER NOT NULL,
    size_bytes  INTEGER NOT NULL,
    sha256      BLOB NOT NULL,
    reason      TEXT NOT NULL,       -- retention | disk-full | order:<text>
    deleted_90k INTEGER NOT NULL     -- after the folder was flushed
);
CREATE INDEX receipts_time ON receipts (deleted_90k);

CREATE TABLE clock_offsets (     -- camera clock minus server clock, from RTCP sender reports
    camera    INTEGER NOT NULL REFERENCES cameras,
    at_90k    INTEGER NOT NULL,
    offset_ms REAL NOT NULL,
    PRIMARY KEY (camera, at_90k)
) WITHOUT ROWID;

CREATE TABLE day_bytes (         -- what each camera keeps by UTC day, so that a forecast reads few rows
    camera INTEGER NOT NULL REFERENCES cameras,
    day    INTEGER NOT NULL,         -- days since 1970-01-01
    bytes  INTEGER NOT NULL,
    PRIMARY KEY (camera, day)
) WITHOUT ROWID;
