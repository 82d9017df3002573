import { Box } from "@mui/material";
import { BooleanInput, required, SelectInput, TextInput, usePermissions, useRecordContext } from "react-admin";
import { useRoles } from "./UserList";

// An auctioneer may set neither a role nor a name.
export function UserForm({ creating = false }: { creating?: boolean }) {
  const { permissions } = usePermissions<string>();
  const record = useRecordContext();
  const admin = permissions === "admin";
  const roles = useRoles();
  return (
    <Box sx={{ display: "grid", columnGap: 2, gridTemplateColumns: { sm: "1fr 1fr" }, width: "100%", maxWidth: 760 }}>
      <TextInput source="username" validate={required()} readOnly={!admin} />
      <TextInput source="email" type="email" validate={required()} readOnly={!admin} />
      {creating && <TextInput source="password" type="password" validate={required()} autoComplete="new-password" />}
      <SelectInput source="role" choices={roles} readOnly={!admin} validate={required()} />
      <TextInput source="paddle" />
      <TextInput source="party" helperText="vendue.users.party" />
      <BooleanInput source="confirmed" />
      {!creating && <BooleanInput source="blocked" disabled={!record} helperText="vendue.users.blocked_help" />}
      <Box sx={{ gridColumn: "1 / -1" }}>
        <TextInput
          source="reason"
          label="vendue.reason.label"
          helperText="vendue.reason.help"
          fullWidth
          validate={required()}
        />
      </Box>
    </Box>
  );
}
