from django.urls import path

from classroom.views import accounts, entering, material, sets, teaching

urlpatterns = [
    path("setup/<str:token>/", accounts.setup, name="setup"),
    path("invitation/<slug:uid>/", accounts.invitation, name="invitation"),
    path("join/", entering.join, name="join"),
    path("join/<str:code>/", entering.join_link, name="join_link"),
    path("class/<slug:uid>/enter/<slug:code>/", entering.join_class, name="join_class"),
    path("class/<slug:uid>/phrase-kept/", entering.phrase_kept, name="phrase_kept"),
    path("class/<slug:uid>/return/", entering.reenter, name="reenter"),
    path("class/<slug:uid>/leave/", entering.leave, name="leave"),
    path("teach/", teaching.teach_home, name="teach_home"),
    path("teach/invite/", accounts.invite, name="invite"),
    path("teach/teachers/", accounts.teachers, name="teachers"),
    path("teach/teachers/<slug:uid>/password/", accounts.password_link, name="password_link"),
    path("teach/sets/", sets.set_list, name="set_list"),
    path("teach/sets/<slug:uid>/", sets.set_detail, name="set_detail"),
    path("labels/", material.labels, name="labels"),
    path("teach/texts/", material.text_list, name="text_list"),
    path("teach/texts/<slug:slug>/", material.text_detail, name="text_detail"),
    path("teach/classes/new/", teaching.classroom_new, name="classroom_new"),
    path("teach/classes/<slug:uid>/", teaching.classroom, name="classroom"),
    path("teach/classes/<slug:uid>/assign/", teaching.assign, name="assign"),
    path("teach/classes/<slug:uid>/students/<slug:student_uid>/phrase/", teaching.phrase_renew, name="phrase_renew"),
]
