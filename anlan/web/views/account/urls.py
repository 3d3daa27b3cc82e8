from django.urls import path

from anlan.web.views.account import hooks, tokens

urlpatterns = [
    path("account/tokens", tokens.tokens_page, name="tokens"),
    path("account/tokens/new", tokens.new_token, name="new_token"),
    path("account/tokens/<int:token_id>/revoke", tokens.revoke, name="revoke_token"),
    path("account/hooks", hooks.hooks_page, name="hooks"),
    path("account/hooks/new", hooks.new_hook, name="new_hook"),
    path("account/hooks/<int:hook_id>", hooks.hook_page, name="hook"),
    path("account/hooks/<int:hook_id>/edit", hooks.edit_hook, name="edit_hook"),
    path("account/hooks/<int:hook_id>/do", hooks.do, name="do_hook"),
    path("account/hooks/<int:hook_id>/deliveries/<int:delivery_id>", hooks.delivery, name="delivery"),
    path("account/hooks/<int:hook_id>/deliveries/<int:delivery_id>/resend", hooks.resend, name="resend"),
]
