// For who is signed in and has no business here.

import { Box, Button, Link, Paper, Typography } from "@mui/material";
import { useLogout, useTranslate } from "react-admin";
import { useSession } from "../../live/use";

export default function NotStaff() {
  const translate = useTranslate();
  const logout = useLogout();
  const { user } = useSession();
  return (
    <Box
      component="main"
      sx={{ minHeight: "100vh", display: "grid", placeItems: "center", p: 2, bgcolor: "background.default" }}
    >
      <Paper sx={{ p: 4, maxWidth: 460, display: "grid", gap: 2 }}>
        <Typography component="h1" variant="h6">
          {translate("vendue.not_staff.title")}
        </Typography>
        <Typography>{translate("vendue.not_staff.text", { name: user?.username ?? "" })}</Typography>
        <Box sx={{ display: "flex", gap: 2, alignItems: "center" }}>
          <Button variant="contained" onClick={() => logout({ leave: true }, "/login")}>
            {translate("vendue.not_staff.other")}
          </Button>
          <Link href="/">{translate("vendue.not_staff.sale")}</Link>
        </Box>
      </Paper>
    </Box>
  );
}
