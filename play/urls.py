from django.urls import path

from play.views import boards, playing, students, trying

urlpatterns = [
    path(
        "teach/classes/<slug:uid>/students/<slug:student_uid>/remove/",
        students.student_remove,
        name="student_remove",
    ),
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
    path("teach/classes/<slug:uid>/board/<slug:assignment_uid>/", boards.projector, name="projector"),
    path(
        "teach/classes/<slug:uid>/board/<slug:assignment_uid>/<int:version>/",
        boards.projector_standings,
        name="projector_standings",
    ),
]
