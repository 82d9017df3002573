import { Box } from "@mui/material";
import { AutocompleteInput, type RaRecord, ReferenceInput, required, TextInput } from "react-admin";
import { TermsInputs } from "./TermsInputs";

const carName = (car: RaRecord) =>
  [car.year, car.make, car.model].filter(Boolean).join(" ") + (car.vin ? ` · ${car.vin}` : "");

export function AuctionForm() {
  return (
    <>
      <Box
        sx={{
          display: "grid",
          columnGap: 2,
          gridTemplateColumns: { sm: "1fr 1fr", md: "1fr 1fr 1fr" },
          width: "100%",
          maxWidth: 900,
        }}
      >
        <TextInput source="title" validate={required()} />
        <ReferenceInput source="car.id" reference="cars" sort={{ field: "createdAt", order: "DESC" }}>
          <AutocompleteInput
            label="resources.auctions.fields.car"
            optionText={carName}
            filterToQuery={(q: string) => ({ q })}
          />
        </ReferenceInput>
        <ReferenceInput source="seller.id" reference="users" sort={{ field: "username", order: "ASC" }}>
          <AutocompleteInput label="resources.auctions.fields.seller" filterToQuery={(q: string) => ({ q })} />
        </ReferenceInput>
      </Box>
      <TermsInputs />
    </>
  );
}
