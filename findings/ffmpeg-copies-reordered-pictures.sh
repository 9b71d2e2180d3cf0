#!/bin/sh
# FFmpeg as the recorder of a camera, `-c copy`: the first pictures of a stream with B pictures stand at times of
# FFmpeg's own, and in another order than they are shown in.
#
# Seen with FFmpeg 9.0.2 (PyPI's imageio-ffmpeg 0.8.1) and 7.0.2 (0.6.0), over RTSP between two of its own processes on
# loopback. Debian 12's FFmpeg 5.1 does the like to an H.265 film.
#
# One would guess that a copy copies the time stamps too: each RTP packet bears the time of showing of its picture
# (RFC 6184, 5.1), and nothing is coded anew. But MP4 also wants times of decoding, RTP has none, and FFmpeg makes
# them up from the order of what it has seen. Until it has seen enough, what it made up lies after the time of
# showing, and then the time of showing is changed to fit. The log warns of it; the exit code is 0, and the file does
# not tell. Of a film that begins I0 P3 B1 B2 the copy shows I0 P3 B1 B2: I0 80 ms late, and B1 and B2 some
# microseconds after P3, which they stand before. From the fifth picture on all is right.
#
# Output seen:
#   Places in which the first four are shown: film [0, 3, 1, 2] copy [0, 1, 2, 3]
#   How late each picture stands, in ms: [80.0, 0.0, 80.0, 40.0, 0.0, 0.0, 0.0, 0.0] and from there on {0.0}
#
# Needs Python 3 and PyPI. Exits 1 when the behaviour is another.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check "imageio-ffmpeg==0.8.1"
ffmpeg=$(venv/bin/python -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
port=$(venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url="rtsp://127.0.0.1:$port/camera"
"$ffmpeg" -version | head -n 1

"$ffmpeg" -v error -f lavfi -i testsrc2=s=160x96:r=25:d=3 -c:v libx264 -bf 2 -g 25 \
  -x264-params b-adapt=0:b-pyramid=none:scenecut=0:log=-1 film.mp4
"$ffmpeg" -v warning -rtsp_flags listen -listen_timeout 20 -i "$url" -c copy copy.mp4 < /dev/null 2> said &
sleep 2
"$ffmpeg" -v error -re -i film.mp4 -c copy -f rtsp -rtsp_transport tcp "$url" < /dev/null
wait $!
echo "The copy's exit code was $?. It said:"
cut -c 1-150 said

# Of each picture, in the order of sending: its checksum and its time of showing.
for name in film copy; do
  "$ffmpeg" -v error -copyts -i "$name.mp4" -c copy -copyts -f framecrc "$name.txt"
done
venv/bin/python - <<'CHECK'
from fractions import Fraction


def read(name):
    lines = open(name).read().splitlines()
    base = next(Fraction(line.split()[-1]) for line in lines if line.startswith("#tb 0"))
    rows = [line.replace(" ", "").split(",") for line in lines if line[0] != "#"]
    return [row[5] for row in rows], [float(int(row[2]) * base * 1000) for row in rows]


(sums, film), (copied, copy) = read("film.txt"), read("copy.txt")
assert copied == sums, "the pictures themselves are not those of the film"
off = [round((got - copy[-1]) - (right - film[-1]), 1) for got, right in zip(copy, film)]
shown = [sorted(times).index(time) for times in (film, copy) for time in times[:4]]
print("Places in which the first four are shown: film", shown[:4], "copy", shown[4:])
print("How late each picture stands, in ms:", off[:8], "and from there on", set(off[8:]))
as_seen = shown == [0, 3, 1, 2, 0, 1, 2, 3] and off[:4] == [80.0, 0.0, 80.0, 40.0] and not any(off[4:])
print("As seen." if as_seen else "This is another behaviour than the one seen.")
raise SystemExit(not as_seen)
CHECK
