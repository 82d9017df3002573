import { Box, Typography } from "@mui/material";
import {
  DataTable,
  EditButton,
  FunctionField,
  ReferenceManyField,
  Show,
  SimpleShowLayout,
  TextField,
  TopToolbar,
  useTranslate,
} from "react-admin";
import type { Photo } from "../../api/types";
import { Fact } from "../parts/Fact";
import { useFormats } from "../parts/formats";
import { Moment } from "../parts/Moment";
import { StatusChip } from "../parts/StatusChip";

export default function CarShow() {
  const translate = useTranslate();
  const { number, money } = useFormats();
  return (
    <Show
      actions={
        <TopToolbar>
          <EditButton />
        </TopToolbar>
      }
    >
      <SimpleShowLayout>
        <FunctionField label={false} render={(car) => <Photos photos={car.photos ?? []} />} />
        <Box
          sx={{ display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(170px, 1fr))", width: "100%" }}
        >
          {["make", "model", "year", "vin", "condition", "location"].map((source) => (
            <Fact key={source} label={`resources.cars.fields.${source}`}>
              <TextField source={source} emptyText="–" />
            </Fact>
          ))}
          <Fact label="resources.cars.fields.mileage">
            <FunctionField render={(car) => (car.mileage === null ? "–" : `${number(car.mileage)} km`)} />
          </Fact>
          <Fact label="resources.cars.fields.seller">
            <TextField source="seller.username" emptyText="–" />
          </Fact>
        </Box>
        <TextField
          source="description"
          component="pre"
          sx={{ whiteSpace: "pre-wrap", fontFamily: "inherit", m: 0 }}
          emptyText="–"
        />
        <Typography component="h2" variant="h6">
          {translate("resources.auctions.name", 2)}
        </Typography>
        <ReferenceManyField
          reference="auctions"
          target="car:eq"
          label={false}
          sort={{ field: "ends_at", order: "DESC" }}
        >
          <DataTable bulkActionButtons={false} rowClick="show">
            <DataTable.Col source="title" />
            <DataTable.Col source="status" render={(row) => <StatusChip status={row.status} />} />
            <DataTable.Col source="ends_at" render={(row) => <Moment at={row.ends_at} />} />
            <DataTable.Col
              source="price"
              align="right"
              render={(row) => money(row.hammer_price ?? row.price, row.currency)}
            />
          </DataTable>
        </ReferenceManyField>
      </SimpleShowLayout>
    </Show>
  );
}

function Photos({ photos }: { photos: Photo[] }) {
  if (!photos.length) return null;
  return (
    <Box sx={{ display: "flex", gap: 1, overflowX: "auto" }} tabIndex={0} role="group">
      {photos.map((photo) => (
        <Box
          key={photo.documentId}
          component="img"
          src={photo.formats?.small?.url ?? photo.url}
          alt={photo.alternativeText ?? ""}
          sx={{ height: 180, borderRadius: 1 }}
        />
      ))}
    </Box>
  );
}
