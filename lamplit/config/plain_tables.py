"""Every table that does not follow from the record, by name. A new one needs a line here, and a reason why it is no fact."""

PLAIN_TABLES: dict[str, str] = {
    # Django and allauth: how staff sign in
    "auth_user": "staff sign-in; the username is the staff id",
    "auth_group": "not used; comes with Django",
    "auth_group_permissions": "not used; comes with Django",
    "auth_permission": "not used; comes with Django",
    "auth_user_groups": "not used; comes with Django",
    "auth_user_user_permissions": "not used; comes with Django",
    "django_content_type": "not used; comes with Django",
    "django_session": "who is signed in now",
    "account_emailaddress": "staff sign-in",
    "account_emailconfirmation": "staff sign-in",
    "mfa_authenticator": "staff sign-in: second factors are secrets",
    # shared by the doors
    "counted": "rate limits: hashes and counts that run out",
    "kept_books": "what the books came to at their last check; without it every line is read",
    "kept_point": "up to where that goes",
    "look": "who looked at whom in this minute: it becomes a fact when the minute is over",
    "reach_code": "codes that prove a number or address are secrets, and live 15 minutes",
    # the portal
    "sign_in_code": "one-time codes are secrets, and live 15 minutes",
    "report_draft": "answers that somebody has not sent yet",
    "seen": "when somebody last looked at her messages here",
    "demo_code": "the demo's outbox: codes as they would have been sent",
    # the desk
    "staff_account": "which Django user a member of staff signs in as, and when she was last here",
    "staff_account_link": "links for choosing a password are secrets, and live a day",
}
