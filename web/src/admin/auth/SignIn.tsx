// The way in. Plain fields, so that it needs none of the forms' code.

import { Alert, Box, Button, Paper, TextField, Typography } from "@mui/material";
import { type FormEvent, useState } from "react";
import { useLogin, useTranslate } from "react-admin";
import { Refused } from "../../api/http";

export default function SignIn() {
  const translate = useTranslate();
  const login = useLogin();
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setBusy(true);
    setFault("");
    try {
      await login({ identifier: given.get("identifier"), password: given.get("password") });
    } catch (error) {
      setFault(sentence(error, translate));
      setBusy(false);
    }
  }

  return (
    <Box
      component="main"
      sx={{ minHeight: "100vh", display: "grid", placeItems: "center", p: 2, bgcolor: "background.default" }}
    >
      <Paper
        component="form"
        onSubmit={submit}
        aria-labelledby="sign-in"
        sx={{ p: 4, width: "100%", maxWidth: 380, display: "grid", gap: 2 }}
      >
        <div>
          <Typography
            component="p"
            sx={{ color: "primary.main", fontWeight: 700, letterSpacing: "-0.02em", fontSize: 22 }}
          >
            Vendue
          </Typography>
          <Typography id="sign-in" component="h1" variant="h6">
            {translate("vendue.sign_in.title")}
          </Typography>
        </div>
        <TextField
          name="identifier"
          label={translate("vendue.sign_in.identifier")}
          autoComplete="username"
          required
          autoFocus
          fullWidth
        />
        <TextField
          name="password"
          type="password"
          label={translate("ra.auth.password")}
          autoComplete="current-password"
          required
          fullWidth
        />
        <div aria-live="polite">{fault && <Alert severity="error">{fault}</Alert>}</div>
        <Button type="submit" variant="contained" size="large" disabled={busy}>
          {translate("ra.auth.sign_in")}
        </Button>
      </Paper>
    </Box>
  );
}

function sentence(error: unknown, translate: ReturnType<typeof useTranslate>): string {
  if (!(error instanceof Refused)) return translate("vendue.unreachable");
  if (error.status === 429) return translate("vendue.sign_in.too_many", { seconds: error.retryAfterS ?? 10 });
  return error.status === 400 ? translate("vendue.sign_in.wrong") : error.message;
}
