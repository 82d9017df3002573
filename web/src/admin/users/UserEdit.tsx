import { Card, CardContent, Typography } from "@mui/material";
import {
  DataTable,
  DeleteWithConfirmButton,
  Edit,
  ReferenceManyField,
  SaveButton,
  SimpleForm,
  Toolbar,
  useTranslate,
} from "react-admin";
import { Moment } from "../parts/Moment";
import { UserForm } from "./UserForm";

export default function UserEdit() {
  return (
    <Edit mutationMode="pessimistic" redirect={false}>
      <SimpleForm
        toolbar={
          <Toolbar>
            <SaveButton />
            <DeleteWithConfirmButton
              label="vendue.users.forget"
              confirmTitle="vendue.users.forget_title"
              confirmContent="vendue.users.forget_text"
              mutationMode="pessimistic"
              sx={{ ml: "auto" }}
            />
          </Toolbar>
        }
      >
        <UserForm />
      </SimpleForm>
      <Log />
    </Edit>
  );
}

function Log() {
  const translate = useTranslate();
  return (
    <Card variant="outlined" sx={{ m: 2 }}>
      <CardContent>
        <Typography component="h2" variant="h6">
          {translate("resources.audit-log.name", 2)}
        </Typography>
        <ReferenceManyField
          reference="audit-log"
          target="subject_id:eq"
          label={false}
          sort={{ field: "at", order: "DESC" }}
        >
          <DataTable bulkActionButtons={false} rowClick={false}>
            <DataTable.Col source="at" render={(row) => <Moment at={row.at} />} />
            <DataTable.Col
              source="action"
              render={(row) => translate(`vendue.action.${row.action}`, { _: row.action })}
            />
            <DataTable.Col source="reason" />
          </DataTable>
        </ReferenceManyField>
      </CardContent>
    </Card>
  );
}
