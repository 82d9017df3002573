import { Box } from "@mui/material";
import { Edit, FunctionField, required, SimpleForm, TextInput } from "react-admin";

export default function FileEdit() {
  return (
    <Edit mutationMode="pessimistic" redirect="list">
      <SimpleForm>
        <FunctionField
          label={false}
          render={(file) => (
            <Box
              component="img"
              src={file.formats?.medium?.url ?? file.url}
              alt={file.alternativeText ?? ""}
              sx={{ maxWidth: "100%", maxHeight: 360, borderRadius: 1 }}
            />
          )}
        />
        <TextInput source="name" validate={required()} />
        <TextInput source="alternativeText" helperText="vendue.photos.alternative_help" />
        <TextInput source="caption" />
      </SimpleForm>
    </Edit>
  );
}
