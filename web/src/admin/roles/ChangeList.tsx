import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import type { Change } from "./matrix";

export function ChangeList({ changes }: { changes: Change[] }) {
  const translate = useTranslate();
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
      {changes.map(({ role, action, enabled }) => (
        <li key={`${role} ${action}`}>
          {translate(enabled ? "vendue.roles.gains" : "vendue.roles.loses", {
            role: translate(`vendue.role.${role}`),
            action: translate(`vendue.action.${action}`, { _: action }),
          })}
        </li>
      ))}
    </Box>
  );
}
