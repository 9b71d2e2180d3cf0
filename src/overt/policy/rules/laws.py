"""Laws, codes and bodies that documents cite: until when each stood, and what stands in its place.

Effective-dated facts, so that a document is judged by the law of a day. `verified` is true where the date was read in
legislation, in a judgment or in the regulator's own text (see docs/design/policy.md), false where it is known only
from somebody's account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Law:
    """`until` is the first day on which it no longer stood; None while it does.

    `never` says of what never stood at all how that is put ("never existed"); it has no date to verify. `instead` is
    what to write, as the fix says it.
    """

    key: str
    name: str
    until: date | None = None
    instead: str = ""
    source: str = ""
    verified: bool = False
    never: str = ""

    def stale_on(self, day: date) -> bool:
        return bool(self.never) or (self.until is not None and self.until <= day)


_DPA_2018 = date(2018, 5, 25)
_WITH_THE_ACT = "DPA 2018 s.211 and Sch. 19 para. 44; SI 2018/625 reg. 2(1)(g)"
_VIDEO_GUIDANCE = "Cite the regulator's guidance on video surveillance"

LAWS: tuple[Law, ...] = (
    Law("dpa-2018", "Data Protection Act 2018"),
    Law("uk-gdpr", "UK General Data Protection Regulation"),
    Law("duaa-2025", "Data (Use and Access) Act 2025"),
    Law("ripa-2000", "Regulation of Investigatory Powers Act 2000"),
    Law("hra-1998", "Human Rights Act 1998"),
    Law("pofa-2012", "Protection of Freedoms Act 2012"),
    Law("pace-1984", "Police and Criminal Evidence Act 1984"),
    Law("cjpoa-1994", "Criminal Justice and Public Order Act 1994"),
    Law("cpia-1996", "Criminal Procedure and Investigations Act 1996"),
    Law("foia-2000", "Freedom of Information Act 2000"),
    Law("foisa-2002", "Freedom of Information (Scotland) Act 2002"),
    Law("eir-2004", "Environmental Information Regulations 2004"),
    Law("ripsa-2000", "Regulation of Investigatory Powers (Scotland) Act 2000"),
    Law("psia-2001", "Private Security Industry Act 2001"),
    Law("crime-and-courts-act-2013", "Crime and Courts Act 2013"),
    Law("surveillance-camera-code", "Surveillance Camera Code of Practice"),
    Law("ico-video-guidance", "the regulator's guidance on video surveillance"),
    Law("dpa-1998", "Data Protection Act 1998", _DPA_2018, "Cite the Data Protection Act 2018 and the UK GDPR",
        _WITH_THE_ACT, True),
    Law("dpa-1998-s10", "the right to prevent processing likely to cause damage (Data Protection Act 1998 s.10)",
        _DPA_2018, "Cite the right to object (UK GDPR Art. 21), which asks for no damage",
        f"{_WITH_THE_ACT}; UK GDPR Art. 21", True),
    Law("dpa-1998-sensitive", "sensitive personal data in the sense of the Data Protection Act 1998 s.2", _DPA_2018,
        "Cite personal data on criminal convictions and offences (UK GDPR Art. 10; DPA 2018 s.11(2))",
        f"{_WITH_THE_ACT}; UK GDPR Art. 10; DPA 2018 s.11(2)", True),
    Law("dpa-1998-definitions", "the wording of the Data Protection Act 1998 s.1(1) on who is controller or processor",
        _DPA_2018, "Use the definitions of the UK GDPR (Art. 4)", f"{_WITH_THE_ACT}; UK GDPR Art. 4", True),
    Law("dpa-2018-bill", "a Data Protection Act 2018 still awaiting Royal Assent", date(2018, 5, 23),
        "Cite the Data Protection Act 2018, an Act since 23 May 2018", "Data Protection Act 2018, c. 12", True),
    Law("gdpr-as-act", "a General Data Protection Act 2018", None,
        "Cite the UK GDPR and the Data Protection Act 2018", "there is no Act of this name", never="never existed"),
    Law("gdpr-eu", "the European Union's General Data Protection Regulation, as law of this country,",
        date(2021, 1, 1), "Cite the UK GDPR, which it became",
        "European Union (Withdrawal) Act 2018 s.3; DPA 2018 s.3(10); SI 2019/419", True),
    Law("data-subject-asks", "a data subject who is one only by asking for their data", None,
        "Say that a data subject is any living individual whom the data identifies or can identify",
        "DPA 2018 s.3(2), (3) and (5)", never="is not the law's"),
    Law("ico-cctv-code-2008", "the regulator's CCTV code of practice of 2008", date(2014, 10, 15), _VIDEO_GUIDANCE,
        "replaced by “In the picture”, version 1, of 15 October 2014, itself since replaced", True),
    Law("ico-cctv-code-2017", "the regulator's code “In the picture” (last in version 1.2 of 2017)",
        date(2022, 2, 25), _VIDEO_GUIDANCE, "the regulator's new guidance, of the week to 25 February 2022"),
    Law("data-protection-commissioner", "the Data Protection Commissioner", date(2001, 1, 30),
        "Name the Information Commissioner", "Freedom of Information Act 2000 ss. 18(1) and 87(2)", True),
    Law("customs-and-excise", "HM Customs and Excise", date(2005, 4, 18), "Name HM Revenue and Customs",
        "Commissioners for Revenue and Customs Act 2005 ss. 5 and 50; SI 2005/1126 art. 2(2)", True),
    Law("socpa-2005-replaced", "a Crime and Courts Act in force from 1 October 2013 in place of the Act of 2005", None,
        "Say that the agency was formed on 7 October 2013 in place of the Serious Organised Crime Agency",
        "Crime and Courts Act 2013 (passed 25 April 2013) ss. 1 and 15", never="never was"),
    Law("british-standards-authority", "a British Standards Authority", None, "Name the British Standards Institution",
        "there is no body of this name", never="never existed"),
    Law("bsia-7858", "a standard BSIA 7858 or 7499", None, "Cite BS 7858 and BS 7499",
        "the numbers are the British Standards Institution's; the BSIA is a trade association", never="never existed"),
    Law("peck-1997", "the ruling of 1997 on a council's release of footage, as the last word on it,", date(2003, 4, 28),
        "Cite Peck v United Kingdom, which found that the release breached Article 8",
        "Peck v United Kingdom (44647/98), judgment of 28 January 2003, final 28 April 2003", True),
)  # fmt: skip

BY_KEY: dict[str, Law] = {law.key: law for law in LAWS}

#: Days from which the law asks what the linter looks for. Sources: SI 2018/625 reg. 2; SI 2026/82 reg. 3; the
#: commissioner's letters to certified bodies, by two accounts of them; SI 2012/2075 art. 4(b); the commencement notes
#: on Crime and Courts Act 2013 Sch. 8.
ONE_MONTH_FROM = _DPA_2018
COMPLAINTS_ROUTE_FROM = date(2026, 6, 19)
CERTIFICATION_CLOSED = date(2025, 11, 19)
MAGISTRATE_FROM = date(2012, 11, 1)
NCA_FROM = date(2013, 10, 7)
#: What the police ask of a recorder. Source: UK Police Requirements for Digital CCTV Systems, Home Office 09/05.
POLICE_DAYS, POLICE_DAYS_FROM = 31, date(2005, 2, 1)
