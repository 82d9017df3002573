// Signing in and out, opening an account.

import { session, signIn, signOut } from "./feed.js";
import { put } from "./show.js";

const $ = (selector, root = document) => root.querySelector(selector);
const dialog = $("#sign-in");
let registering = false;

export function askToSignIn() {
  put($(".answer", dialog), "");
  dialog.showModal();
  $("#username").focus();
}

function switchForm() {
  registering = !registering;
  $("#email-row").hidden = !registering;
  put($("#sign-in-title"), registering ? "Open an account" : "Sign in");
  put($(".go", dialog), registering ? "Open it" : "Sign in");
  put($("label[for=username]"), registering ? "Username" : "Username or email");
  put($("#newcomer"), registering ? "I have an account" : "New here? Open an account");
  $("#password").autocomplete = registering ? "new-password" : "current-password";
}

async function submitSignIn(event) {
  event.preventDefault();
  const name = $("#username").value.trim(), password = $("#password").value, button = $(".go", dialog);
  const [path, fields] = registering
    ? ["/api/auth/local/register", { username: name, email: $("#email").value.trim(), password }]
    : ["/api/auth/local", { identifier: name, password }];
  button.disabled = true;
  const fault = await signIn(path, fields).catch(() => "No connection; please try again.");
  button.disabled = false;
  put($(".answer", dialog), fault ?? "");
  if (fault) return;
  $("#password").value = "";
  dialog.close();
}

$("form", dialog).addEventListener("submit", submitSignIn);
$("#newcomer").addEventListener("click", switchForm);
$("#account").addEventListener("click", () => (session.token ? signOut() : askToSignIn()));

export function showUser() {
  put($("#who"), session.user?.username ?? "");
  put($("#account"), session.user ? "Sign out" : "Sign in");
}
