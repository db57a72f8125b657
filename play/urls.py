from django.urls import path

from play.views import assigned, boards, browsing, exports, playing, practising, previewing, students, trying

urlpatterns = [
    path("teach/account/export/", exports.my_account_export, name="my_account_export"),
    path("teach/classes/<slug:uid>/export/", exports.classroom_export, name="classroom_export"),
    path("teach/classes/<slug:uid>/students/", students.student_list, name="student_list"),
    path("teach/classes/<slug:uid>/students/clear/", students.flood_clear, name="flood_clear"),
    path("teach/classes/<slug:uid>/students/<slug:student_uid>/", students.student, name="student"),
    path(
        "teach/classes/<slug:uid>/students/<slug:student_uid>/rename/", students.student_rename, name="student_rename"
    ),
    path("teach/classes/<slug:uid>/students/<slug:student_uid>/merge/", students.student_merge, name="student_merge"),
    path("teach/classes/<slug:uid>/students/<slug:student_uid>/move/", students.student_move, name="student_move"),
    path(
        "teach/classes/<slug:uid>/students/<slug:student_uid>/remove/",
        students.student_remove,
        name="student_remove",
    ),
    path("teach/material/", browsing.material, name="material"),
    path("teach/sets/<slug:uid>/add/", browsing.set_add, name="set_add"),
    path("teach/sets/<slug:uid>/preview/", previewing.set_preview, name="set_preview"),
    path("teach/sets/<slug:uid>/preview/<int:position>/", previewing.preview_exercise, name="preview_exercise"),
    path("try/", trying.try_it, name="try_it"),
    path("try/again/", trying.try_again, name="try_again"),
    path("try/finished/", trying.try_finished, name="try_finished"),
    path("try/<int:position>/", trying.try_exercise, name="try_exercise"),
    path("class/<slug:uid>/", playing.student_home, name="student_home"),
    path("class/<slug:uid>/play/<slug:assignment_uid>/", playing.play, name="play"),
    path("class/<slug:uid>/play/<slug:assignment_uid>/finished/", playing.finished, name="finished"),
    path("class/<slug:uid>/play/<slug:assignment_uid>/leaderboard/", boards.leaderboard, name="leaderboard"),
    path("class/<slug:uid>/play/<slug:assignment_uid>/standings/<int:version>/", boards.standings, name="standings"),
    path("class/<slug:uid>/play/<slug:assignment_uid>/<int:position>/", playing.exercise, name="exercise"),
    path(
        "class/<slug:uid>/play/<slug:assignment_uid>/<int:position>/again/",
        playing.exercise_again,
        name="exercise_again",
    ),
    path("class/<slug:uid>/play/<slug:assignment_uid>/podium/", boards.podium, name="podium"),
    path("class/<slug:uid>/board/<slug:span>/", boards.class_board, name="class_board"),
    path("class/<slug:uid>/board/<slug:span>/<int:version>/", boards.class_standings, name="class_standings"),
    path("class/<slug:uid>/practice/<slug:source>/<slug:passage>/<slug:layer>/", practising.practice, name="practice"),
    path(
        "teach/classes/<slug:uid>/assignments/<slug:assignment_uid>/",
        assigned.assignment_edit,
        name="assignment_edit",
    ),
    path(
        "teach/classes/<slug:uid>/assignments/<slug:assignment_uid>/close/",
        assigned.assignment_close,
        name="assignment_close",
    ),
    path(
        "teach/classes/<slug:uid>/assignments/<slug:assignment_uid>/extend/",
        assigned.assignment_extend,
        name="assignment_extend",
    ),
    path(
        "teach/classes/<slug:uid>/assignments/<slug:assignment_uid>/teams/",
        assigned.assignment_teams,
        name="assignment_teams",
    ),
    path("teach/classes/<slug:uid>/boards/<slug:span>/", boards.class_projector, name="class_projector"),
    path(
        "teach/classes/<slug:uid>/boards/<slug:span>/<int:version>/",
        boards.class_projector_standings,
        name="class_projector_standings",
    ),
    path(
        "teach/classes/<slug:uid>/board/<slug:assignment_uid>/podium/", boards.projector_podium, name="projector_podium"
    ),
    path("teach/classes/<slug:uid>/board/<slug:assignment_uid>/", boards.projector, name="projector"),
    path(
        "teach/classes/<slug:uid>/board/<slug:assignment_uid>/<int:version>/",
        boards.projector_standings,
        name="projector_standings",
    ),
]
