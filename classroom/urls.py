from django.urls import path

from classroom.views import accounts, entering, sets, teaching

urlpatterns = [
    path("setup/<str:token>/", accounts.setup, name="setup"),
    path("invitation/<str:uid>/", accounts.invitation, name="invitation"),
    path("join/", entering.join, name="join"),
    path("join/<str:code>/", entering.join_link, name="join_link"),
    path("class/<str:uid>/enter/<str:code>/", entering.join_class, name="join_class"),
    path("class/<str:uid>/phrase-kept/", entering.phrase_kept, name="phrase_kept"),
    path("class/<str:uid>/return/", entering.reenter, name="reenter"),
    path("class/<str:uid>/leave/", entering.leave, name="leave"),
    path("teach/", teaching.teach_home, name="teach_home"),
    path("teach/invite/", accounts.invite, name="invite"),
    path("teach/teachers/", accounts.teachers, name="teachers"),
    path("teach/teachers/<str:uid>/password/", accounts.password_link, name="password_link"),
    path("teach/sets/", sets.set_list, name="set_list"),
    path("teach/sets/<str:uid>/", sets.set_detail, name="set_detail"),
    path("teach/classes/new/", teaching.classroom_new, name="classroom_new"),
    path("teach/classes/<str:uid>/", teaching.classroom, name="classroom"),
    path("teach/classes/<str:uid>/assign/", teaching.assign, name="assign"),
    path("teach/classes/<str:uid>/students/<str:student_uid>/remove/", teaching.student_remove, name="student_remove"),
    path("teach/classes/<str:uid>/students/<str:student_uid>/phrase/", teaching.phrase_renew, name="phrase_renew"),
]
