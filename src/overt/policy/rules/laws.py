"""Laws, codes and bodies that documents cite: until when each stood, and what stands in its place.

Effective-dated facts, so that a document is judged by the law of a day. `verified` is true where the date was read in
legislation or the regulator's own text, false where it is widely known but was not read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Law:
    """`until` is the first day on which it no longer stood; None while it does. `never` for what there never was."""

    key: str
    name: str
    until: date | None = None
    instead: str = ""
    source: str = ""
    verified: bool = False
    never: bool = False

    def stale_on(self, day: date) -> bool:
        return self.never or (self.until is not None and self.until <= day)


_DPA_2018 = date(2018, 5, 25)
_VIDEO_GUIDANCE = "the regulator's video surveillance guidance"

LAWS: tuple[Law, ...] = (
    Law("dpa-2018", "Data Protection Act 2018"),
    Law("uk-gdpr", "UK General Data Protection Regulation"),
    Law("duaa-2025", "Data (Use and Access) Act 2025"),
    Law("ripa-2000", "Regulation of Investigatory Powers Act 2000"),
    Law("hra-1998", "Human Rights Act 1998"),
    Law("pofa-2012", "Protection of Freedoms Act 2012"),
    Law("pace-1984", "Police and Criminal Evidence Act 1984"),
    Law("cpia-1996", "Criminal Procedure and Investigations Act 1996"),
    Law("foia-2000", "Freedom of Information Act 2000"),
    Law("psia-2001", "Private Security Industry Act 2001"),
    Law("crime-and-courts-act-2013", "Crime and Courts Act 2013"),
    Law("surveillance-camera-code", "Surveillance Camera Code of Practice"),
    Law("ico-video-guidance", "the regulator's video surveillance guidance"),
    Law("dpa-1998", "Data Protection Act 1998", _DPA_2018, "the Data Protection Act 2018 and the UK GDPR",
        "DPA 2018 s.211 and Sch. 19 para. 44"),
    Law("dpa-1998-s10", "the right to prevent processing likely to cause damage (Data Protection Act 1998 s.10)",
        _DPA_2018, "the right to object (UK GDPR Art. 21), which asks for no damage", "UK GDPR Art. 21"),
    Law("dpa-1998-sensitive", "sensitive personal data in the sense of the Data Protection Act 1998 s.2", _DPA_2018,
        "personal data on criminal convictions and offences (UK GDPR Art. 10)", "UK GDPR Art. 10; DPA 2018 s.11(2)"),
    Law("dpa-2018-bill", "a Data Protection Act 2018 still awaiting Royal Assent", date(2018, 5, 23),
        "the Data Protection Act 2018, an Act since 23 May 2018", "Data Protection Act 2018, c. 12"),
    Law("gdpr-as-act", "a General Data Protection Act 2018", None, "the UK GDPR and the Data Protection Act 2018",
        "there is no Act of this name", never=True),
    Law("gdpr-eu", "the General Data Protection Regulation of the European Union", date(2021, 1, 1),
        "the UK GDPR", "European Union (Withdrawal) Act 2018 s.3; SI 2019/419"),
    Law("ico-cctv-code-2008", "the regulator's CCTV code of practice of 2008", date(2014, 10, 15), _VIDEO_GUIDANCE,
        "replaced by the code of 2014, itself replaced in 2022"),
    Law("ico-cctv-code-2017", "the regulator's CCTV code of practice, version 1.2 of 2017", date(2022, 2, 1),
        _VIDEO_GUIDANCE, "regulator's website"),
    Law("data-protection-commissioner", "the Data Protection Commissioner", date(2001, 1, 30),
        "the Information Commissioner", "Freedom of Information Act 2000 s.18(1)"),
    Law("customs-and-excise", "HM Customs and Excise", date(2005, 4, 18), "HM Revenue and Customs",
        "Commissioners for Revenue and Customs Act 2005"),
)  # fmt: skip

BY_KEY: dict[str, Law] = {law.key: law for law in LAWS}

#: Days from which the law asks what the linter looks for.
ONE_MONTH_FROM = _DPA_2018
COMPLAINTS_ROUTE_FROM = date(2026, 6, 19)
CERTIFICATION_CLOSED = date(2025, 11, 19)
MAGISTRATE_FROM = date(2012, 11, 1)
NCA_FROM = date(2013, 10, 7)
#: What the police ask of a recorder. Source: UK Police Requirements for Digital CCTV Systems, Home Office 09/05.
POLICE_DAYS, POLICE_DAYS_FROM = 31, date(2005, 2, 1)
