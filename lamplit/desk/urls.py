"""Every address of the desk. Ids are checked by their shape here; what is not there, or not for whoever asks, is 404."""

from django.urls import path, register_converter

from lamplit.desk import signing_in
from lamplit.desk.views import (
    accounts,
    acts,
    board,
    complaints,
    contact,
    home_forms,
    homes,
    jobs,
    messages,
    on_call,
    people,
    photos,
    record,
    tokens,
)
from lamplit.desk.views import queue as queues
from lamplit.desk.views import repair as repairs
from lamplit.desk.views import report as reports
from lamplit.desk.views import search as searches


class IdConverter:
    """An id as `basics/ids.py` spells it."""

    regex = "[a-z]_[0-9a-z]{20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(IdConverter, "id")

urlpatterns = [
    path("sign-in", signing_in.sign_in, name="account_login"),
    path("sign-in/code", signing_in.sign_in_code, name="mfa_authenticate"),
    path("sign-in/again", signing_in.prove_again, name="account_reauthenticate"),
    path("sign-in/again/code", signing_in.prove_again_by_code, name="mfa_reauthenticate"),
    path("sign-out", signing_in.sign_out, name="account_logout"),
    path("sign-up", signing_in.closed, name="account_signup"),
    path("welcome/<str:secret>", signing_in.welcome, name="welcome"),
    path("second-step", signing_in.recovery_codes, name="mfa_index"),
    path("second-step/set-up", signing_in.set_up_second_step, name="mfa_activate_totp"),
    path("second-step/off", signing_in.closed, name="mfa_deactivate_totp"),
    path("second-step/codes", signing_in.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-step/codes/new", signing_in.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("", queues.start, name="queue"),
    path("search", searches.search, name="search"),
    path("people/new", people.new_person, name="new_person"),
    path("people/<id:person>", people.person, name="person"),
    path("people/<id:person>/correct", people.correct_person, name="correct_person"),
    path("people/<id:person>/reach", people.reach, name="new_reach"),
    path("people/<id:person>/reach/<id:reach>", people.reach, name="change_reach"),
    path("people/<id:person>/reach/<id:reach>/prove", people.prove_reach, name="prove_reach"),
    path("people/<id:person>/note/<id:note>", people.change_note, name="change_note"),
    path("people/<id:person>/note/new/<slug:what>", people.note, name="new_note"),
    path("people/<id:person>/acts-for", people.mandate, name="new_mandate"),
    path("people/<id:person>/acts-for/<id:mandate>", people.mandate, name="change_mandate"),
    path("homes/new", home_forms.new_home, name="new_home"),
    path("homes/<id:home>", homes.home, name="desk_home"),
    path("homes/<id:home>/correct", home_forms.correct_home, name="correct_home"),
    path("homes/<id:home>/note", home_forms.note, name="new_home_note"),
    path("homes/<id:home>/note/<id:note>", home_forms.note, name="change_home_note"),
    path("homes/<id:home>/part", home_forms.part, name="new_part"),
    path("homes/<id:home>/part/<id:part>", home_forms.part, name="change_part"),
    path("homes/<id:home>/part/<id:part>/check", home_forms.check, name="new_check"),
    path("homes/<id:home>/let", home_forms.let_home, name="let_home"),
    path("tenancies/<id:tenancy>/join", home_forms.join, name="join_household"),
    path("tenancies/<id:tenancy>/leave/<id:person>", home_forms.leave, name="leave_household"),
    path("tenancies/<id:tenancy>/end", home_forms.end_tenancy, name="end_tenancy"),
    path("report", reports.report, name="desk_report"),
    path("report/<id:home>", reports.report_home, name="report_home"),
    path("repairs/<id:repair>", repairs.repair, name="desk_repair"),
    path("repairs/<id:repair>/told", reports.reported, name="reported"),
    path("repairs/<id:repair>/photo", photos.add, name="add_photo"),
    path("repairs/<id:repair>/photos/<id:photo>/<slug:size>", photos.picture, name="desk_picture"),
    path("repairs/<id:repair>/<slug:name>", acts.act, name="act"),
    path("visits", jobs.visits, name="visits"),
    path("jobs/<id:work>", jobs.job_page, name="job"),
    path("jobs/<id:work>/take", jobs.take, name="take"),
    path("jobs/<id:work>/photo", photos.add_to_job, name="add_job_photo"),
    path("jobs/<id:work>/photos/<id:photo>/<slug:size>", photos.job_picture, name="job_picture"),
    path("jobs/<id:work>/outcome/<slug:outcome>", jobs.outcome, name="outcome"),
    path("jobs/<id:work>/<slug:name>", jobs.work_act, name="work_act"),
    path("contact", contact.contact, name="contact"),
    path("promises/<id:promise>", contact.keep_promise, name="keep_promise"),
    path("complaints", complaints.complaint_list, name="complaints"),
    path("complaints/new", complaints.new_complaint, name="new_complaint"),
    path("complaints/<id:complaint>", complaints.complaint, name="complaint"),
    path("complaints/<id:complaint>/assign", complaints.assign, name="assign"),
    path("complaints/<id:complaint>/acknowledge", complaints.acknowledge, name="acknowledge"),
    path("messages", messages.message_list, name="desk_messages"),
    path("messages/<id:message>", messages.message, name="message"),
    path("on-call", on_call.on_call, name="on_call"),
    path("on-call/new", on_call.new_shift, name="new_shift"),
    path("board", board.board, name="board"),
    path("board/open", board.board_open, name="board_open"),
    path("board/missed", board.board_missed, name="board_missed"),
    path("record", record.record, name="record"),
    path("record/<id:entry>", record.entry, name="record_entry"),
    path("record/<id:entry>/proof", record.entry_proof, name="record_proof"),
    path("record/<slug:kind>/<id:about>", record.other, name="record_other"),
    path("record/<slug:kind>/<id:about>/proof", record.other_proof, name="record_other_proof"),
    path("staff", accounts.accounts, name="accounts"),
    path("staff/new", accounts.new_account, name="new_account"),
    path("staff/<id:staff>", accounts.account, name="account"),
    path("staff/<id:staff>/change", accounts.change_account, name="change_account"),
    path("staff/<id:staff>/shut", accounts.shut_account, name="shut_account"),
    path("staff/<id:staff>/open", accounts.open_account, name="open_account"),
    path("staff/<id:staff>/link", accounts.account_link, name="account_link"),
    path("firms", accounts.firms, name="firms"),
    path("firms/new", accounts.firm, name="new_firm"),
    path("firms/<id:firm>", accounts.firm, name="change_firm"),
    path("firms/<id:firm>/tokens", tokens.tokens, name="tokens"),
    path("firms/<id:firm>/tokens/new", tokens.give_token, name="give_token"),
    path("firms/<id:firm>/tokens/<id:token>/end", tokens.end_token, name="end_token"),
]
