import LockIcon from "@mui/icons-material/LockOutlined";
import { Box, Checkbox, Table, TableBody, TableCell, TableHead, TableRow, Tooltip, Typography } from "@mui/material";
import { Fragment } from "react";
import { useTranslate } from "react-admin";
import type { Role } from "../../api/types";
import { NOTHING } from "../parts/formats";
import { type Group, isKept, type Matrix } from "./matrix";

interface Props {
  groups: Group[];
  roles: Role[];
  was: Matrix;
  shown: Matrix;
  set?: (role: Role, action: string, enabled: boolean) => void;
}

export function RoleTable({ groups, roles, was, shown, set }: Props) {
  const translate = useTranslate();
  return (
    <Table size="small" stickyHeader sx={{ "& td, & th": { px: { xs: 1, sm: 2 } } }}>
      <TableHead>
        <TableRow sx={{ "& th": { top: 48, bgcolor: "background.paper" } }}>
          <TableCell>{translate("vendue.roles.action")}</TableCell>
          {roles.map((role) => (
            <TableCell key={role} align="center" sx={{ width: 96 }}>
              {translate(`vendue.role.${role}`)}
            </TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {groups.map(({ name, actions }) => (
          <Fragment key={name}>
            <TableRow>
              <TableCell
                component="th"
                scope="colgroup"
                colSpan={roles.length + 1}
                sx={{ bgcolor: "action.hover", fontWeight: 650 }}
              >
                {translate(`vendue.group.${name}`, { _: name })}
              </TableCell>
            </TableRow>
            {actions.map((action) => (
              <TableRow key={action} hover>
                <TableCell component="th" scope="row" sx={{ fontWeight: 400 }}>
                  <Typography variant="body2" sx={{ fontWeight: 550 }}>
                    {translate(`vendue.action.${action}`, { _: action })}
                  </Typography>
                  <Typography variant="body2" color="textSecondary" sx={{ maxWidth: 560 }}>
                    {translate(`vendue.action_help.${action}`, { _: action })}
                  </Typography>
                </TableCell>
                {roles.map((role) => (
                  <Cell key={role} role={role} action={action} was={was} shown={shown} set={set} />
                ))}
              </TableRow>
            ))}
          </Fragment>
        ))}
      </TableBody>
    </Table>
  );
}

function Cell({ role, action, was, shown, set }: Omit<Props, "groups" | "roles"> & { role: Role; action: string }) {
  const translate = useTranslate();
  const enabled = shown[role].get(action);
  const changed = was[role].get(action) !== enabled;
  const who = translate(`vendue.role.${role}`);
  if (enabled === undefined)
    return (
      <TableCell align="center">
        <Tooltip title={translate("vendue.roles.never", { role: who })}>
          <Box
            component="span"
            sx={{ color: "text.secondary" }}
            aria-label={translate("vendue.roles.never", { role: who })}
            role="img"
            tabIndex={0}
          >
            {NOTHING}
          </Box>
        </Tooltip>
      </TableCell>
    );
  const kept = isKept(role, action);
  return (
    <TableCell align="center" sx={changed ? { bgcolor: "action.selected" } : undefined}>
      {kept ? (
        <Tooltip title={translate("vendue.roles.kept")}>
          <LockIcon fontSize="small" color="action" titleAccess={translate("vendue.roles.kept")} tabIndex={0} />
        </Tooltip>
      ) : (
        <Checkbox
          checked={enabled}
          disabled={!set}
          onChange={(event) => set?.(role, action, event.target.checked)}
          slotProps={{ input: { "aria-label": `${who}: ${translate(`vendue.action.${action}`, { _: action })}` } }}
        />
      )}
    </TableCell>
  );
}
