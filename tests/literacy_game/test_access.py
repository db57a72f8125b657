"""The access table: every named address × every role. A new address without a row fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.core import signing
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from classroom import accounts, actions, building
from classroom.models import ExerciseSet, Teacher
from classroom.own_texts import labelling
from play import challenges, debates
from play.challenges import Objection
from play.live import tokens
from play.models import Debate
from play.views.boards import CLASS_SALT, POLL_SALT
from play.views.contesting import POLL_SALT as DEBATE_SALT
from tests import own_texts
from tests.cast import NOW, Cast, Stage, answer, desk_of, device_of
from tests.devices import Device
from tests.pages import read
from tests.play.live import Class
from tests.play.ruling import planners, rule

pytestmark = pytest.mark.django_db

ROLES = ("guest", "student", "stranger", "teacher", "other", "owner")
"""Nobody; a student of 9b; a student of 7a; 9b's teacher; 7a's teacher; the owner, who teaches neither."""

TABLE = """
name                                  method guest    student       stranger teacher  other    owner

home                                  GET    200      200           200      200      200      200
about                                 GET    200      200           200      200      200      200
accessibility                         GET    200      200           200      200      200      200
styleguide                            GET    in       in            in       404      404      200
guide                                 GET    in       in            in       200      200      200
healthz                               GET    200      200           200      200      200      200
offline                               GET    200      200           200      200      200      200
worker                                GET    200      200           200      200      200      200
readyz                                GET    200      200           200      200      200      200
set_language                          POST   >home    >home         >home    >home    >home    >home

statistics                            GET    in       in            in       200      200      200

setup                                 GET    404      404           404      404      404      404
setup                                 POST   404      404           404      404      404      404
invitation                            GET    200      200           200      200      200      200
invitation                            POST   422      422           422      422      422      422
join                                  GET    200      200           200      200      200      200
join                                  POST   422      422           422      422      422      422
join_link                             GET    >join_class >join_class >join_class >join_class >join_class >join_class
join_class                            GET    200      >student_home 200      200      200      200
join_class                            POST   422      >student_home 422      422      422      422
reenter                               GET    200      200           200      200      200      200
reenter                               POST   422      422           422      422      422      422
phrase_kept                           POST   404      >student_home 404      404      404      404
leave                                 POST   404      >home         404      404      404      404
pair                                  GET    404      200           404      404      404      404
pair                                  POST   404      422           404      404      404      404
pair_new                              GET    404      200           404      404      404      404
pair_new                              POST   404      422           404      404      404      404
pair_end                              POST   404      >student_home 404      404      404      404

student_home                          GET    >reenter 200           >reenter >reenter >reenter >reenter
play                                  GET    404      >exercise     404      404      404      404
exercise                              GET    404      200           404      404      404      404
exercise                              POST   404      422           404      404      404      404
finished                              GET    404      >play         404      404      404      404
challenge                             GET    404      200           404      404      404      404
challenge                             POST   404      422           404      404      404      404
my_challenges                         GET    404      200           404      404      404      404
challenge_withdraw                    POST   404      >my_challenges 404     404      404      404
debate                                GET    404      200           404      404      404      404
debate                                POST   404      422           404      404      404      404
leaderboard                           GET    404      200           404      404      404      404
class_board                           GET    404      200           404      404      404      404
class_standings                       GET    404      200           404      404      404      404
podium                                GET    404      >leaderboard  404      404      404      404
exercise_again                        GET    404      404           404      404      404      404
exercise_again                        POST   404      404           404      404      404      404
practice                              GET    404      200           404      404      404      404
practice                              POST   404      422           404      404      404      404
standings                             GET    404      200           404      404      404      404
live                                  GET    404      200           404      404      404      404
live_state                            GET    404      200           404      404      404      404
live_item                             GET    404      404           404      404      404      404
live_item                             POST   404      404           404      404      404      404
try_it                                GET    200      200           200      200      200      200
try_exercise                          GET    200      200           200      200      200      200
try_exercise                          POST   422      422           422      422      422      422
try_finished                          GET    >try_it  >try_it       >try_it  >try_it  >try_it  >try_it
try_again                             POST   >try_it  >try_it       >try_it  >try_it  >try_it  >try_it

teach_home                            GET    in       in            in       200      200      200
first_lesson_close                    POST   in       in            in       >teach_home >teach_home >teach_home
labels                                GET    200      200           200      200      200      200
text_list                             GET    in       in            in       200      200      200
text_detail                           GET    in       in            in       200      200      200
text_export                           GET    in       in            in       200      200      200
annotations_export                    GET    in       in            in       200      200      200
set_list                              GET    in       in            in       200      200      200
set_detail                            GET    in       in            in       200      200      200
worksheet                             GET    in       in            in       200      200      200
set_copy                              POST   in       in            in       >set_edit >set_edit >set_edit
set_export                            GET    in       in            in       200      200      200
set_preview                           GET    in       in            in       200      200      200
preview_exercise                      GET    in       in            in       200      200      200
preview_exercise                      POST   in       in            in       422      422      422
set_new                               GET    in       in            in       200      200      200
set_new                               POST   in       in            in       422      422      422
set_import                            GET    in       in            in       200      200      200
set_import                            POST   in       in            in       422      422      422
set_edit                              GET    in       in            in       200      404      404
set_edit                              POST   in       in            in       422      404      404
set_add                               POST   in       in            in       422      404      404
set_order                             POST   in       in            in       422      404      404
set_item                              POST   in       in            in       422      404      404
set_item_remove                       POST   in       in            in       422      404      404
set_remove                            POST   in       in            in       >set_list 404     404
set_restore                           POST   in       in            in       >set_edit 404     404
material                              GET    in       in            in       200      200      200
own_text_list                         GET    in       in            in       200      200      200
own_text_new                          GET    in       in            in       200      200      200
own_text_new                          POST   in       in            in       422      422      422
own_text_import                       GET    in       in            in       200      200      200
own_text_import                       POST   in       in            in       422      422      422
own_text_export                       GET    in       in            in       200      404      404
own_annotations_export                GET    in       in            in       200      404      404
own_annotations_import                GET    in       in            in       200      404      404
own_annotations_import                POST   in       in            in       422      404      404
own_text                              GET    in       in            in       200      404      404
own_text_words                        GET    in       in            in       200      404      404
own_text_words                        POST   in       in            in       422      404      404
own_text_card                         GET    in       in            in       200      404      404
own_text_card                         POST   in       in            in       422      404      404
own_text_cut                          GET    in       in            in       200      404      404
own_text_cut                          POST   in       in            in       422      404      404
own_text_publish                      POST   in       in            in       >own_text 404    404
own_text_withdraw                     POST   in       in            in       >own_text 404    404
own_text_remove                       POST   in       in            in       >own_text_list 404 404
own_text_share                        GET    in       in            in       200      404      404
own_text_share                        POST   in       in            in       >own_text_share 404 404
own_text_colleague                    POST   in       in            in       422      404      404
own_text_colleague_remove             POST   in       in            in       >own_text_share 404 404
own_text_preview                      GET    in       in            in       200      404      404
own_text_preview                      POST   in       in            in       422      404      404
own_passage                           GET    in       in            in       200      404      404
own_passage                           POST   in       in            in       422      404      404
own_mark_add                          POST   in       in            in       >own_passage 404  404
own_mark                              GET    in       in            in       200      404      404
own_mark                              POST   in       in            in       422      404      404
own_mark_remove                       POST   in       in            in       >own_passage 404 404
own_labelling                         GET    in       in            in       200      404      404
own_label                             GET    in       in            in       >own_labelling 404 404
own_label                             POST   in       in            in       >own_labelling 404 404
own_agreement                         GET    in       in            in       200      404      200
own_decide                            POST   in       in            in       422      404      422
own_adjudicate                        POST   in       in            in       >own_agreement 404 >own_agreement
classroom_new                         GET    in       in            in       200      200      200
classroom_new                         POST   in       in            in       422      422      422
classroom                             GET    in       in            in       200      404      404
assign                                GET    in       in            in       200      404      404
assign                                POST   in       in            in       422      404      404
student_remove                        POST   in       in            in       >classroom 404    404
challenge_list                        GET    in       in            in       200      404      404
contested_mark                        GET    in       in            in       200      404      404
ruling_new                            POST   in       in            in       422      404      404
debate_open                           POST   in       in            in       >debate_projector 404 404
debate_projector                      GET    in       in            in       200      404      404
debate_projector_state                GET    in       in            in       200      404      404
debate_close                          POST   in       in            in       >debate_projector 404 404
ruling_list                           GET    in       in            in       200      200      200
ruling                                GET    in       in            in       200      404      200
ruling_progress                       GET    in       in            in       200      404      200
ruling_undo                           POST   in       in            in       >ruling  404      404
ruling_adopt                          POST   in       in            in       404      404      >ruling
ruling_recheck                        POST   in       in            in       >ruling  404      404
phrase_renew                          POST   in       in            in       200      404      404
assignment_edit                       GET    in       in            in       200      404      404
assignment_edit                       POST   in       in            in       >assignment_edit 404 404
assignment_close                      POST   in       in            in       >assignment_edit 404 404
assignment_extend                     POST   in       in            in       422      404      404
assignment_teams                      GET    in       in            in       >assignment_edit 404 404
assignment_teams                      POST   in       in            in       >assignment_edit 404 404
class_projector                       GET    in       in            in       200      404      404
class_projector_standings             GET    in       in            in       200      404      404
projector_podium                      GET    in       in            in       >projector 404   404
projector                             GET    in       in            in       200      404      404
projector_standings                   GET    in       in            in       200      404      404
live_start                            GET    in       in            in       200      404      404
live_start                            POST   in       in            in       422      404      404
live_control                          GET    in       in            in       200      404      404
live_projector                        GET    in       in            in       200      404      404
live_control_state                    GET    in       in            in       200      404      404
live_projector_state                  GET    in       in            in       200      404      404
live_step                             POST   in       in            in       >live_control 404 404
live_seat                             POST   in       in            in       >live_control 404 404

classroom_settings                    GET    in       in            in       200      404      404
classroom_settings                    POST   in       in            in       422      404      404
joining                               POST   in       in            in       >classroom 404    404
joined                                GET    in       in            in       200      404      404
code_renew                            POST   in       in            in       >classroom 404    404
join_sheet                            GET    in       in            in       200      404      404
class_letter                          GET    in       in            in       200      404      404
roster                                GET    in       in            in       200      404      404
roster                                POST   in       in            in       422      404      404
roster_remove                         POST   in       in            in       >roster  404      404
entries_approve                       POST   in       in            in       >classroom 404    404
co_teachers                           GET    in       in            in       200      404      404
co_teachers                           POST   in       in            in       422      404      404
co_teacher_remove                     POST   in       in            in       >co_teachers 404  404
classroom_delete                      GET    in       in            in       200      404      404
classroom_delete                      POST   in       in            in       422      404      404
classroom_export                      GET    in       in            in       200      404      404
student_list                          GET    in       in            in       200      404      404
flood_clear                           POST   in       in            in       422      404      404
student                               GET    in       in            in       200      404      404
student_rename                        POST   in       in            in       422      404      404
student_merge                         POST   in       in            in       422      404      404
student_move                          POST   in       in            in       422      404      404
class_results                         GET    in       in            in       200      404      404
results_grid                          GET    in       in            in       200      404      404
results_labels                        GET    in       in            in       200      404      404
results_items                         GET    in       in            in       200      404      404
results_item                          GET    in       in            in       200      404      404
results_item_workbook                 GET    in       in            in       200      404      404
results_item_csv                      GET    in       in            in       200      404      404
results_fairness                      GET    in       in            in       200      404      404
before_after                          GET    in       in            in       200      404      404
before_after                          POST   in       in            in       422      404      404
before_after_cancel                   POST   in       in            in       >before_after 404 404
results_sheets                        GET    in       in            in       200      404      404
results_workbook                      GET    in       in            in       200      404      404
results_csv                           GET    in       in            in       200      404      404
answers_export                        GET    in       in            in       200      404      404
student_results                       GET    in       in            in       200      404      404
waiting                               GET    >student_home >student_home >student_home >student_home >student_home >student_home
waiting_state                         GET    200      200           200      200      200      200
my_account                            GET    in       in            in       200      200      200
my_account_export                     GET    in       in            in       200      200      200
my_account_delete                     GET    in       in            in       200      200      200
my_account_delete                     POST   in       in            in       422      422      422
owner_make                            POST   in       in            in       404      404      >teachers

fairness_all                          GET    in       in            in       404      404      200
item_health                           GET    in       in            in       404      404      200
owner_workbook                        GET    in       in            in       404      404      200
owner_csv                             GET    in       in            in       404      404      200
teachers                              GET    in       in            in       404      404      200
invite                                POST   in       in            in       404      404      200
invite_withdraw                       POST   in       in            in       404      404      >teachers
audit_log                             GET    in       in            in       404      404      200
password_link                         POST   in       in            in       404      404      200

account_login                         GET    200      200           200      >teach_home >teach_home >teach_home
account_logout                        GET    >home    >home         >home    200      200      200
account_inactive                      GET    200      200           200      200      200      200
account_reauthenticate                GET    in       in            in       200      200      200
account_change_password               GET    in       in            in       200      200      200
account_set_password                  GET    in       in            in       >account_change_password >account_change_password >account_change_password
account_reset_password_from_key       GET    200      200           200      200      200      200
account_reset_password_from_key_done  GET    200      200           200      200      200      200
mfa_index                             GET    in       in            in       200      200      200
mfa_authenticate                      GET    >account_login >account_login >account_login >teach_home >teach_home >teach_home
mfa_reauthenticate                    GET    in       in            in       >account_reauthenticate >account_reauthenticate >account_reauthenticate
mfa_activate_totp                     GET    in       in            in       >account_reauthenticate >account_reauthenticate >account_reauthenticate
mfa_deactivate_totp                   GET    in       in            in       404      404      404
mfa_view_recovery_codes               GET    in       in            in       404      404      404
mfa_generate_recovery_codes           GET    in       in            in       >account_reauthenticate >account_reauthenticate >account_reauthenticate
mfa_download_recovery_codes           GET    in       in            in       404      404      404
"""  # noqa: E501 - a table
"""A status; "in" for the sign-in page, with the way back; ">name" for a redirect to the page of that name."""

ROWS = {
    (name, method): dict(zip(ROLES, cells, strict=True))
    for name, method, *cells in map(str.split, filter(None, TABLE.strip().splitlines()[1:]))
}


def patterns(found: list[Any]) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        else:
            yield each


PATTERNS = list(patterns(get_resolver().url_patterns))
OURS = sorted({name for name, _ in ROWS if not name.startswith(("account_", "mfa_"))})


RESULTS = ("grid", "labels", "items", "sheets", "fairness")


def device_for(role: str, stage: Stage) -> Device:
    if role == "guest":
        return Device()
    if role in ("student", "stranger"):
        return device_of(stage.heron if role == "student" else stage.finch)
    return desk_of({"teacher": stage.bob, "other": stage.carol, "owner": stage.alice}[role])


def co_teacher_of(stage: Stage) -> Teacher:
    """Dora, with whom Bob shares 9b."""
    dora = Teacher.objects.create_user(username="dora", password="four walls and a blackboard")
    stage.class_9b.co_teachers.add(dora)
    return dora


def address(name: str, stage: Stage) -> str:
    """An address of that name, of class 9b where it belongs to a class."""
    here = {"uid": stage.class_9b.uid}
    there = here | {"assignment_uid": stage.six_ways.uid}
    of_student = here | {"student_uid": stage.otter.uid}
    arguments: dict[str, dict[str, Any]] = {
        "guide": {"name": "lesson-plan"},
        "setup": {"token": accounts.setup_token()},
        "invitation": {"uid": actions.invite_teacher(owner=stage.alice, now=NOW).uid},
        "join_link": {"code": stage.class_9b.code},
        "join_class": here | {"code": stage.class_9b.code},
        "text_detail": {"slug": "market-square"},
        "text_export": {"slug": "market-square"},
        "annotations_export": {"slug": "market-square"},
        "password_link": {"uid": stage.carol.uid},
        "try_exercise": {"position": 1},
        "exercise": there | {"position": 1},
        "exercise_again": there | {"position": 1},
        "practice": here | {"source": "school-bell", "passage": "break", "layer": "technique"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "none"},
    }
    arguments |= dict.fromkeys(("phrase_kept", "reenter", "leave", "classroom", "assign", "student_home"), here)
    arguments |= dict.fromkeys(("student_remove", "phrase_renew"), of_student)
    arguments |= dict.fromkeys(("play", "finished", "leaderboard", "projector", "podium", "projector_podium"), there)
    arguments |= dict.fromkeys((f"assignment_{each}" for each in ("edit", "close", "extend", "teams")), there)
    arguments |= dict.fromkeys(("standings", "projector_standings"), there | {"version": 99})
    arguments |= dict.fromkeys(("class_board", "class_projector"), here | {"span": "week"})
    polls = ("class_standings", "class_projector_standings")
    arguments |= dict.fromkeys(polls, here | {"span": "week", "version": 99})
    of_class = ("classroom_settings", "joining", "code_renew", "join_sheet", "roster", "entries_approve", "co_teachers")
    of_class += (
        "class_letter",
        "classroom_delete",
        "classroom_export",
        "student_list",
        "flood_clear",
        "waiting",
        "waiting_state",
    )
    arguments |= dict.fromkeys((*of_class, "pair", "pair_new", "pair_end"), here)
    arguments["joined"] = here | {"students": 99, "waiting": 0}
    arguments |= dict.fromkeys(("student", "student_rename", "student_merge", "student_move"), of_student)
    arguments |= dict.fromkeys(
        (
            "class_results",
            "answers_export",
            "before_after",
            "before_after_cancel",
            *(f"results_{each}" for each in RESULTS),
        ),
        here,
    )
    if name.startswith("results_item") and name != "results_items":
        arguments[name] = here | {"version": answer(stage.otter, stage.six_ways, 1).exercise_version_id}
        arguments[name] |= {"table": "choices"} if name.endswith("csv") else {}
    arguments["results_workbook"] = here | {"page": "overview"}
    arguments["results_csv"] = here | {"page": "overview", "table": "counts"}
    arguments["student_results"] = of_student
    arguments["owner_workbook"] = {"page": "items"}
    arguments["owner_csv"] = {"page": "items", "table": "items"}
    arguments["owner_make"] = {"uid": stage.carol.uid}
    if name == "roster_remove":
        arguments[name] = here | {"entry_uid": stage.class_9b.roster.create(name="Jo", position=1).uid}
    if name == "co_teacher_remove":
        arguments[name] = here | {"teacher_uid": co_teacher_of(stage).uid}
    ready = {"uid": ExerciseSet.objects.get(slug="six-ways").uid}
    arguments |= dict.fromkeys(("set_detail", "set_copy", "set_export", "set_preview", "worksheet"), ready)
    arguments |= {"preview_exercise": ready | {"position": 1}}
    own = {"uid": building.create_set(teacher=stage.bob, title="Mine", now=NOW).uid}
    arguments |= dict.fromkeys(("set_edit", "set_add", "set_order", "set_item", "set_item_remove"), own)
    arguments |= dict.fromkeys(("set_remove", "set_restore"), own)
    if name.startswith("live"):
        return live_address(name, stage)
    if name.startswith("own_") and name not in ("own_text_list", "own_text_new", "own_text_import"):
        return own_text_address(name, stage)
    if name in CONTESTED:
        return contested_address(name, stage)
    path = reverse(name, kwargs=arguments.get(name))
    if name in polls:
        path += f"?token={signing.dumps(stage.class_9b.pk, salt=f'{CLASS_SALT}.{stage.class_9b.uid}')}"
    if name in ("standings", "projector_standings"):
        path += f"?token={signing.dumps(stage.six_ways.pk, salt=f'{POLL_SALT}.{stage.six_ways.uid}')}"
    return path


def own_text_address(name: str, stage: Stage) -> str:
    """An address of a text that Bob wrote; or that Alice wrote and Bob has labelled, who has seen the key since."""
    is_labelling = name in ("own_labelling", "own_label", "own_agreement", "own_decide", "own_adjudicate")
    text = own_texts.finished(stage.alice if is_labelling else stage.bob)
    if is_labelling:
        labelling.note_seen(labelling=own_texts.labelled(text, stage.bob), now=NOW)
    passage = text.draft["passages"][0]
    key, mark, bob = passage["key"], passage["annotations"][0]["key"], stage.bob.uid
    more: dict[str, list[Any]] = {
        "own_text_preview": [1],
        "own_text_colleague": ["author"],
        "own_text_colleague_remove": ["labeller", bob],
        "own_passage": [key],
        "own_mark_add": [key],
        "own_mark": [key, mark],
        "own_mark_remove": [key, mark],
        "own_label": [key, "technique"],
        "own_agreement": [bob],
        "own_decide": [bob],
        "own_adjudicate": [bob],
    }
    return reverse(name, args=[text.uid, *more.get(name, [])])


CONTESTED = ("challenge", "my_challenges", "challenge_withdraw", "debate", "challenge_list", "contested_mark")
CONTESTED += ("ruling_new", "debate_open", "debate_projector", "debate_projector_state", "debate_close", "ruling_list")
CONTESTED += ("ruling", "ruling_progress", "ruling_undo", "ruling_adopt", "ruling_recheck")


def contested_address(name: str, stage: Stage) -> str:
    """An address about a mark that Heron disagrees with, that 9b debates, or that Bob has ruled on."""
    passage, here = planners(), stage.class_9b.uid
    attempt = answer(stage.heron, stage.six_ways, 1)
    mark = [here, "market-square", "planners", "technique", "t1"]
    if name in ("contested_mark", "ruling_new", "debate_open"):
        return reverse(name, args=mark)
    if name.startswith("ruling") and name != "ruling_list":
        return reverse(name, args=[rule(stage.bob, "accept", label="exaggeration").uid])
    if name.startswith("debate"):
        found = Debate.objects.filter(closed=None).first() or debates.open_debate(
            classroom=stage.class_9b, passage=passage, layer="technique", mark="t1", now=NOW
        )
        state = [99] if name == "debate_projector_state" else []
        path = reverse(name, args=[here, found.uid, *state])
        return f"{path}?token={signing.dumps(found.pk, salt=f'{DEBATE_SALT}.{found.uid}')}"
    if name == "challenge":
        return reverse(name, args=[here, stage.six_ways.uid, 1])
    if name == "challenge_withdraw":
        said = Objection(aim="mark", mark="t1", reason="It only describes.")
        made = challenges.challenge(student=stage.heron, attempt=attempt, said=said, now=NOW)
        return reverse(name, args=[here, made.uid])
    return reverse(name, args=[] if name == "ruling_list" else [here])


def live_address(name: str, stage: Stage) -> str:
    """An address of a round of 9b that waits in the lobby."""
    if name == "live_start":
        return reverse(name, args=[stage.class_9b.uid])
    live = Class.of(stage).round
    more: dict[str, list[Any]] = {"live_item": [1], "live_seat": [stage.otter.uid], "live_state": [99]}
    more |= {each: ["99.0.0"] for each in ("live_control_state", "live_projector_state")}
    path = reverse(name, args=[stage.class_9b.uid, live.uid, *more.get(name, [])])
    return f"{path}?token={tokens.token('round', live.pk)}" if name.endswith("_state") else path


def outcome(device: Device, method: str, path: str) -> str:
    """What the table writes for a response. A form that is sent holds nothing but a token."""
    response = device.generic(method, path, b"sent=yes", content_type="application/x-www-form-urlencoded")
    if response.status_code != 302:
        return str(response.status_code)
    if response.url.startswith(reverse("account_login") + "?"):
        assert path.partition("?")[0] in unquote(response.url), "the sign-in page leads back"
        return "in"
    return f">{resolve(response.url.partition('?')[0]).url_name}"


def apart(device: Device, method: str, path: str) -> str:
    """The outcome, with the database left as it was."""
    with transaction.atomic():
        found = outcome(device, method, path)
        transaction.set_rollback(True)
    return found


def test_every_address_has_a_row() -> None:
    assert all(pattern.name for pattern in PATTERNS)
    assert sorted({str(pattern.name) for pattern in PATTERNS}) == sorted({name for name, _ in ROWS})


@pytest.mark.parametrize(("name", "method"), ROWS)
def test_each_role_gets_what_the_table_says(stage: Stage, name: str, method: str) -> None:
    path = address(name, stage)
    found = {role: apart(device_for(role, stage), method, path) for role in ROLES}
    assert found == ROWS[name, method]


LED = ("co_teachers", "co_teacher_remove", "classroom_delete", "ruling_new")
"""What a co-teacher may not do."""


ABOUT_A_CLASS = {str(each.name) for each in PATTERNS if str(each.pattern).startswith("teach/classes/<slug:uid>/")}


@pytest.mark.parametrize(("name", "method"), ROWS)
def test_a_co_teacher_gets_in_a_shared_class_what_its_teacher_gets(stage: Stage, name: str, method: str) -> None:
    """And elsewhere what any other teacher gets."""
    path = address(name, stage)
    dora = Teacher.objects.filter(username="dora").first() or co_teacher_of(stage)
    row = ROWS[name, method]
    expected = row["teacher"] if name in ABOUT_A_CLASS else row["other"]
    assert apart(desk_of(dora), method, path) == ("404" if name in LED else expected)


@pytest.mark.parametrize("name", OURS)
def test_methods_that_the_table_does_not_name_are_refused(stage: Stage, name: str) -> None:
    """For whoever may see the page at all: GET on an action and POST on a page are 405, HEAD goes where GET goes."""
    path = address(name, stage)
    (role,) = [each for each in ("student", "teacher", "owner") if _may(name, each)][:1] or ["guest"]
    device = device_for(role, stage)
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        row = ROWS.get((name, "GET" if method == "HEAD" else method))
        assert apart(device, method, path) == (row[role] if row else "405"), method


def _may(name: str, role: str) -> bool:
    return all(row[role] not in ("404", "in", ">reenter") for (each, _), row in ROWS.items() if each == name)


@pytest.mark.parametrize("name", ["classroom", "assign", "projector", "student_remove", "phrase_renew", "invite"])
def test_an_unknown_object_looks_like_somebody_else_s(stage: Stage, name: str) -> None:
    """What a teacher may not see cannot be told from what does not exist."""
    method = next(method for each, method in ROWS if each == name)
    foreign = desk_of(stage.carol).generic(method, address(name, stage))
    unknown = desk_of(stage.carol).generic(method, address(name, stage).replace(stage.class_9b.uid, "nothing"))
    assert foreign.status_code == unknown.status_code == 404
    assert read(foreign).text == read(unknown).text


def test_ids_of_another_class_open_nothing(stage: Stage) -> None:
    """One's own class in the address does not lend itself to other classes' assignments and students."""
    mine, theirs = stage.class_9b.uid, stage.six_ways_7a.uid
    student, teacher = device_of(stage.heron), desk_of(stage.bob)
    for name in ("play", "finished", "leaderboard", "podium"):
        assert outcome(student, "GET", reverse(name, args=[mine, theirs])) == "404"
    for name in ("assignment_edit", "assignment_teams", "projector_podium"):
        assert outcome(teacher, "GET", reverse(name, args=[mine, theirs])) == "404"
    for name in ("assignment_edit", "assignment_close", "assignment_extend", "assignment_teams"):
        assert outcome(teacher, "POST", reverse(name, args=[mine, theirs])) == "404"
    for method in ("GET", "POST"):
        assert outcome(student, method, reverse("exercise", args=[mine, theirs, 1])) == "404"
    assert outcome(teacher, "GET", reverse("projector", args=[mine, theirs])) == "404"
    for name in ("student_remove", "phrase_renew"):
        assert outcome(teacher, "POST", reverse(name, args=[mine, stage.finch.uid])) == "404"
    stage.finch.refresh_from_db()
    assert outcome(student, "GET", reverse("join_class", args=[mine, stage.class_7a.code])) == "404"


def test_another_teacher_s_own_set_is_not_there(stage: Stage) -> None:
    own = ExerciseSet.objects.create(owner=stage.carol, title="Mine", aim="", minutes=5, level="", note="")
    shown, given = reverse("set_detail", args=[own.uid]), reverse("assign", args=[stage.class_9b.uid])
    assert desk_of(stage.carol).get(shown).status_code == 200
    assert desk_of(stage.bob).get(shown).status_code == 404
    assert desk_of(stage.bob).post(given, {"exercise_set": own.uid}).status_code == 422
    assert stage.class_9b.assignments.count() == 2


def test_addresses_hold_no_numbers_that_could_be_counted_up(stage: Stage) -> None:
    for name in ("student_home", "classroom", "play", "projector", "student_remove"):
        parts = [part for part in address(name, stage).split("/") if part]
        assert not any(part.isdigit() for part in parts)


@pytest.mark.parametrize("odd", ["%00", "a%00b", "%20", "%F0%9F%9A%B2", "..%2F", "x" * 500])
@pytest.mark.parametrize(
    "path", ["/class/{}/", "/class/{}/return/", "/class/{}/enter/{}/", "/join/{}/", "/invitation/{}/"]
)
def test_odd_characters_in_an_address_are_not_found(cast: Cast, path: str, odd: str) -> None:
    response = Device().get(path.format(odd, odd))
    assert response.status_code in (302, 404)
    if response.status_code == 302:
        assert Device().get(response.url).status_code == 404


def test_the_way_back_after_signing_in(stage: Stage) -> None:
    device, path = Device(), address("classroom", stage)
    login = device.get(path).url
    response = device.post(login, {"login": "bob", "password": "four walls and a blackboard"})
    assert response.url == path
    assert device.get(path).status_code == 200


def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(stage: Stage) -> None:
    """A 302 would be followed by the script and the sign-in form swapped into the board."""
    page = address("projector", stage)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    response = Device().get(address("projector_standings", stage), headers=headers)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == f"{reverse('account_login')}?next={page}"
    assert not response.content


def test_nobody_signs_up_by_walking_in(cast: Cast) -> None:
    data = {"username": "mallory", "password1": "a long sentence", "password2": "a long sentence", "email": ""}
    assert Device().post("/account/signup/", data).status_code == 404
    assert not Teacher.objects.filter(username="mallory").exists()


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "password/reset/", "login/code/confirm/"])
def test_pages_of_the_account_library_that_are_not_used_are_not_there(stage: Stage, path: str) -> None:
    for device in (Device(), desk_of(stage.bob)):
        assert device.get(f"/account/{path}").status_code == 404
