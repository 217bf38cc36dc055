"""Every address of the desk."""

from django.urls import path

from lamplit.desk import signing_in

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
]
