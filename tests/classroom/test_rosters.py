"""Rosters: read as schools export them, refused whole with the lines that are wrong, and chosen from."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from classroom import actions, classes, rosters
from classroom.models import NicknamePolicy
from tests.cast import NOW, Cast, desk_of, device_of
from tests.devices import Device
from tests.pages import form_of, offers, read, submit

GIVEN = ["Zoë", "Jürgen", "Олена", "Søren", "Łukasz", "Ana-María", "Дмитро", "Ümit", "O’Brien", "Nguyễn"]
FAMILY = ["Müller", "Шевченко", "Dvořák", "Ødegård", "Żak", "Ştefan", "Ковальчук", "Groß", "de la Cruz", "Kaya"]
TWO_HUNDRED = [(given, f"{family} {number}") for number in ("I", "II") for given in GIVEN for family in FAMILY]
assert len(TWO_HUNDRED) == 200


def csv_of(names: list[tuple[str, str]], separator: str = ";", head: str = "givenName{0}familyName") -> str:
    lines = [head.format(separator), *(separator.join(name) for name in names)]
    return "\r\n".join(lines) + "\r\n"


def with_duplicates() -> list[tuple[str, str]]:
    """200 lines, of which three are one child's name and two another's."""
    return [*TWO_HUNDRED[:197], TWO_HUNDRED[0], TWO_HUNDRED[0], TWO_HUNDRED[2]]


def file_of(text: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile("roster.csv", text.encode(encoding), content_type="text/csv")


def names_on(cast: Cast) -> list[str]:
    return list(cast.class_9b.roster.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Zoë Müller\nОлена Шевченко\n", ["Zoë Müller", "Олена Шевченко"]),
        ("\n  Zoë   Müller \r\n\r\n", ["Zoë Müller"]),
        ("name\nZoë Müller\n", ["Zoë Müller"]),
        ("Name;class\nZoë Müller;9b\n", ["Zoë Müller"]),
        ("\ufeffname,class\nZoë Müller,9b\n", ["Zoë Müller"]),
        ('sourcedId,givenName,familyName\n1,Zoë,"Müller, Dr"\n', ["Zoë Müller, Dr"]),
        ("familyName;givenName\nMüller;Zoë\n", ["Zoë Müller"]),
        ("name\nMüller, Zoë\n", ["Müller, Zoë"]),
        ("Zoë\rJürgen", ["Zoë", "Jürgen"]),
        ("Müller, Zoë\nШевченко, Олена\n", ["Müller, Zoë", "Шевченко, Олена"]),
        ("\nde la Cruz, Ana María \nZoë\nMüller, Zoë, 2\n", ["de la Cruz, Ana María", "Zoë", "Müller, Zoë, 2"]),
        ("Name, class\nZoë Müller, 9b\n", ["Zoë Müller"]),
        ("givenName\tfamilyName\tclass\nZoë\tMüller, Dr\t9b\n", ["Zoë Müller, Dr"]),
    ],
)
def test_what_schools_export_is_read(text: str, names: list[str]) -> None:
    assert rosters.read(rosters.decode(text.encode())) == names


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [0]),
        ("name\n", [0]),
        ("first,last\nZoë,Müller\n", [1]),
        ("Müller, Zoë, 9b\n", [1]),
        ("Zoë\tMüller\nJürgen\tBerg\n", [1]),
        ("givenName,familyName\nZoë,Müller\n,Berg\nJürgen,\n", [3, 4]),
        ("givenName,familyName\nZoë,Müller,9b\n", [2]),
        ("Zoë\n1234\n\x07bell\n", [2, 3]),
        ("Zoë\n" + "x" * 60, [2]),
        ("\n".join(f"Child {n} a" for n in range(1001)), [0]),
    ],
)
def test_what_is_wrong_is_named_by_line(text: str, lines: list[int]) -> None:
    with pytest.raises(rosters.BadRoster) as refused:
        rosters.read(text)
    assert [problem.line for problem in refused.value.problems] == lines


def test_another_encoding_is_refused_at_its_line() -> None:
    with pytest.raises(rosters.BadRoster) as refused:
        rosters.decode("Anna\nZoë\n".encode("latin-1"))
    assert refused.value.problems[0].line == 2


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_roster_of_200_with_umlauts_cyrillic_and_duplicates(cast: Cast, separator: str, encoding: str) -> None:
    desk, url = desk_of(cast.bob), reverse("roster", args=[cast.class_9b.uid])
    sent = {"file": file_of(csv_of(with_duplicates(), separator), encoding)}
    response = desk.post(url, sent)
    assert response.url == url
    names = names_on(cast)
    assert len(names) == len(set(names)) == 200
    assert names[:2] == ["Zoë Müller I", "Zoë Шевченко I"]
    assert names[-3:] == ["Zoë Müller I (2)", "Zoë Müller I (3)", "Zoë Dvořák I (2)"]
    assert "200 names are new" in read(desk.get(url)).of_class("messages")[0].text


@pytest.mark.django_db
def test_two_bad_lines_are_named_and_nothing_is_half_imported(cast: Cast) -> None:
    names = with_duplicates()
    names[40], names[150] = ("", "Müller"), ("Jürgen", "Groß;9b")
    desk, url = desk_of(cast.bob), reverse("roster", args=[cast.class_9b.uid])
    response = desk.post(url, {"file": file_of(csv_of(names))})
    assert response.status_code == 422
    problems = [item.text for item in read(response).one(id="id_file_error").all("li")]
    assert [problem.split(":")[0] for problem in problems] == ["Line 42", "Line 152"]
    assert names_on(cast) == []


@pytest.mark.django_db
def test_a_bad_paste_is_kept_on_the_page(cast: Cast) -> None:
    desk, url = desk_of(cast.bob), reverse("roster", args=[cast.class_9b.uid])
    response = desk.post(url, {"names": "Zoë Müller\n42\n"})
    field = form_of(response, None if len(list(read(response).one("main").all("form"))) == 1 else "").one("textarea")
    assert response.status_code == 422
    assert "Zoë Müller" in field.text
    assert field.attributes["aria-invalid"] == "true"
    assert "id_names_error" in field.attributes["aria-describedby"]
    assert names_on(cast) == []


@pytest.mark.django_db
def test_a_list_that_is_sent_again_adds_nothing(cast: Cast) -> None:
    for _ in range(2):
        found = classes.extend_roster(classroom=cast.class_9b, names=["Anna", "Berta", "Anna"])
    assert found == (0, 3)
    assert names_on(cast) == ["Anna", "Berta", "Anna (2)"]
    assert classes.extend_roster(classroom=cast.class_9b, names=["Berta", "Clara"]) == (1, 1)


@pytest.mark.django_db
def test_a_student_takes_a_free_name_of_the_roster(cast: Cast) -> None:
    classes.extend_roster(classroom=cast.class_9b, names=["Anna", "Олена"])
    classes.change(classroom=cast.class_9b, values={"nickname_policy": NicknamePolicy.ROSTER})
    url = reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code])
    anna, olena = cast.class_9b.roster.all()
    first, second = Device(), Device()
    page, late = first.get(url), second.get(url)
    assert offers(form_of(page), "name") == {anna.uid, olena.uid}
    assert submit(first, page, name=olena.uid).url == reverse("student_home", args=[cast.class_9b.uid])
    assert cast.class_9b.students.get(roster_entry=olena).nickname == "Олена"

    refused = submit(second, late, name=olena.uid)
    assert refused.status_code == 422
    assert "taken this name" in read(refused).one(id="id_name_error").text
    assert offers(form_of(refused), "name") == {anna.uid}
    assert second.post(url, {"nickname": "Mallory"}).status_code == 422
    assert not cast.class_9b.students.filter(nickname="Mallory").exists()


@pytest.mark.django_db
def test_a_name_of_another_class_s_roster_cannot_be_taken(cast: Cast) -> None:
    for classroom in (cast.class_9b, cast.class_7a):
        classes.extend_roster(classroom=classroom, names=["Anna"])
    classes.change(classroom=cast.class_9b, values={"nickname_policy": NicknamePolicy.ROSTER})
    url = reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code])
    assert Device().post(url, {"name": cast.class_7a.roster.get().uid}).status_code == 422
    assert cast.class_9b.students.count() == 2


@pytest.mark.django_db
def test_a_name_taken_off_leaves_the_student_in_the_class(cast: Cast) -> None:
    classes.extend_roster(classroom=cast.class_9b, names=["Anna"])
    anna = cast.class_9b.roster.get()
    student, _ = actions.join(classroom=cast.class_9b, nickname="Anna", roster_entry=anna, now=NOW)
    desk, url = desk_of(cast.bob), reverse("roster", args=[cast.class_9b.uid])
    remove = reverse("roster_remove", args=[cast.class_9b.uid, anna.uid])
    assert submit(desk, desk.get(url), to=remove).url == url
    assert names_on(cast) == []
    assert device_of(student).get(reverse("student_home", args=[cast.class_9b.uid])).status_code == 200


@pytest.mark.django_db
def test_the_roster_says_who_has_joined(cast: Cast) -> None:
    classes.extend_roster(classroom=cast.class_9b, names=["Anna", "Berta"])
    student, _ = actions.join(
        classroom=cast.class_9b, nickname="Anna", roster_entry=cast.class_9b.roster.first(), now=NOW
    )
    classes.rename(student=student, nickname="Annie")
    page = read(desk_of(cast.bob).get(reverse("roster", args=[cast.class_9b.uid])))
    states = [[cell.text for cell in row.all()][:2] for row in page.one("tbody").all("tr")]
    assert states == [["Anna", "yes, as Annie"], ["Berta", "not yet"]]


@pytest.mark.django_db
def test_the_roster_says_when_it_has_more_names_than_the_class_takes(cast: Cast) -> None:
    classes.change(classroom=cast.class_9b, values={"capacity": 2})
    url = reverse("roster", args=[cast.class_9b.uid])
    for name, is_said in (("Anna", False), ("Berta", False), ("Clara", True)):
        classes.extend_roster(classroom=cast.class_9b, names=[name])
        assert ("The class takes 2 students" in read(desk_of(cast.bob).get(url)).text) == is_said
