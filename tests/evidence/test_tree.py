"""The drawing of an exhibit's family: well-formed SVG, links only where they lead, nothing of it taken as markup."""

from __future__ import annotations

from xml.etree import ElementTree

from overt.evidence.exhibits.tree import Box, Tree

SVG = "{http://www.w3.org/2000/svg}"
MASTER = Box(262, 9, 214, 64, "JD-7 master", "118 MB · untouched", master=True)
CHILD = Box(526, 15, 234, 52, "JD-8", "sealed", href="/exhibits/JD-8/?a=1&b=2")


def root(tree: Tree) -> ElementTree.Element:
    return ElementTree.fromstring(tree.svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_each_box_has_its_two_lines_and_each_line_its_path() -> None:
    drawn = root(Tree([MASTER, CHILD], ["M212 41 H237 V41 H262"], 82, "master: JD-7", []))
    assert drawn.attrib["viewBox"] == "0 0 762 82"
    assert drawn.attrib["aria-label"] == "master: JD-7"
    assert [text.text for text in drawn.iter(f"{SVG}text")] == ["JD-7 master", "118 MB · untouched", "JD-8", "sealed"]
    assert [path.attrib["d"] for path in drawn.iter(f"{SVG}path")] == ["M212 41 H237 V41 H262"]


def test_the_master_is_drawn_strongly_and_what_was_made_of_it_leads_to_its_page() -> None:
    drawn = root(Tree([MASTER, CHILD], [], 82, "", []))
    master, child = drawn.iter(f"{SVG}rect")
    assert (master.attrib["stroke-width"], child.attrib["stroke-width"]) == ("3", "1.5")
    assert [link.attrib["href"] for link in drawn.iter(f"{SVG}a")] == ["/exhibits/JD-8/?a=1&b=2"]


def test_a_camera_called_like_markup_stays_words() -> None:
    nasty = "<script>\"&'"
    svg = Tree([Box(1, 1, 212, 52, nasty, nasty)], [], 82, nasty, []).svg
    assert "<script" not in svg
    assert [text.text for text in ElementTree.fromstring(svg).iter("text")] == [nasty, nasty]
