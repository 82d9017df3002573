import { Box } from "@mui/material";
import { AutocompleteInput, NumberInput, ReferenceInput, required, TextInput } from "react-admin";
import { PhotosInput } from "./PhotosInput";

export function CarForm() {
  return (
    <Box
      sx={{
        display: "grid",
        gap: 1,
        columnGap: 2,
        gridTemplateColumns: { sm: "1fr 1fr" },
        width: "100%",
        maxWidth: 900,
      }}
    >
      <TextInput source="make" validate={required()} />
      <TextInput source="model" validate={required()} />
      <NumberInput source="year" step={1} />
      <NumberInput source="mileage" step={1} />
      <TextInput source="vin" label="VIN" />
      <TextInput source="condition" />
      <TextInput source="location" />
      <ReferenceInput source="seller.id" reference="users" sort={{ field: "username", order: "ASC" }}>
        <AutocompleteInput label="resources.cars.fields.seller" filterToQuery={(q: string) => ({ q })} fullWidth />
      </ReferenceInput>
      <Box sx={{ gridColumn: "1 / -1" }}>
        <TextInput source="description" multiline minRows={4} fullWidth />
      </Box>
      <Box sx={{ gridColumn: "1 / -1" }}>
        <PhotosInput source="photos" />
      </Box>
    </Box>
  );
}
