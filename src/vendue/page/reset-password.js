// The page that the link of a letter leads to.

import { signIn } from "./feed.js";
import { put } from "./show.js";

const code = new URLSearchParams(location.search).get("code") ?? "";
history.replaceState(null, "", location.pathname); // the code is nobody's to read over a shoulder

const form = document.querySelector("#reset"), answer = form.querySelector(".answer");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  const fields = { code, password: form.password.value, passwordConfirmation: form.again.value };
  button.disabled = true;
  const fault = await signIn("/api/auth/reset-password", fields).catch(() => "No connection; please try again.");
  button.disabled = false;
  put(answer, fault ?? "");
  if (!fault) location.assign("/");
});
if (!code) put(answer, "This page needs the whole link of the letter.");
