import { Avatar } from "@mui/material";
import {
  AutocompleteInput,
  BulkExportButton,
  DataTable,
  NumberInput,
  type RaRecord,
  ReferenceInput,
  SearchInput,
  SimpleList,
  TextInput,
  useTranslate,
} from "react-admin";
import type { Photo } from "../../api/types";
import { BulkDelete } from "../parts/BulkDelete";
import { exportAs } from "../parts/exportAs";
import { useFormats } from "../parts/formats";
import { Moment } from "../parts/Moment";
import { Narrow } from "../parts/Narrow";
import { Rows } from "../parts/Rows";

function Filters() {
  const translate = useTranslate();
  const label = (name: string) => translate(`resources.cars.filters.${name}`);
  return [
    <SearchInput key="q" source="q" alwaysOn />,
    <TextInput key="make" source="make:containsi" label={label("make")} />,
    <NumberInput key="from" source="year:gte" label={label("year_from")} />,
    <NumberInput key="to" source="year:lte" label={label("year_to")} />,
    <NumberInput key="mileage" source="mileage:lte" label={label("mileage_to")} />,
    <TextInput key="location" source="location:containsi" label={label("location")} />,
    <ReferenceInput key="seller" source="seller:eq" reference="users" filter={{ "role:eq": "seller" }}>
      <AutocompleteInput label={label("seller")} filterToQuery={(q: string) => ({ q, "role:eq": "seller" })} />
    </ReferenceInput>,
  ];
}

const nameOf = (car: RaRecord) => `${car.year ?? ""} ${car.make} ${car.model}`.trim();

function Thumb({ car }: { car: Partial<RaRecord> }) {
  const photo = (car.photos as Photo[] | undefined)?.[0];
  return (
    <Avatar
      variant="rounded"
      src={photo && (photo.formats?.thumbnail?.url ?? photo.url)}
      alt=""
      sx={{ width: 48, height: 36, bgcolor: "action.hover", color: "text.secondary", fontSize: 12 }}
    >
      {`${car.make}`.slice(0, 2).toUpperCase()}
    </Avatar>
  );
}

const exported = ({ documentId, make, model, year, mileage, vin, condition, location, seller }: RaRecord) => ({
  id: documentId,
  make,
  model,
  year,
  mileage,
  vin,
  condition,
  location,
  seller: seller?.username,
});

export default function CarList() {
  const { number } = useFormats();
  return (
    <Rows filters={Filters()} sort={{ field: "createdAt", order: "DESC" }} exporter={exportAs("cars", exported)}>
      <Narrow
        narrow={
          <SimpleList
            leftIcon={(car) => <Thumb car={car} />}
            primaryText={nameOf}
            secondaryText={(car) => `${car.mileage === null ? "" : `${number(car.mileage)} km · `}${car.vin ?? ""}`}
            rowClick="edit"
          />
        }
        wide={
          <DataTable
            rowClick="edit"
            bulkActionButtons={
              <>
                <BulkExportButton />
                <BulkDelete />
              </>
            }
          >
            <DataTable.Col source="photos" disableSort render={(car) => <Thumb car={car} />} />
            <DataTable.Col source="make" />
            <DataTable.Col source="model" />
            <DataTable.NumberCol source="year" options={{ useGrouping: false }} />
            <DataTable.Col
              source="mileage"
              align="right"
              render={(car) => (car.mileage === null ? "" : number(car.mileage))}
            />
            <DataTable.Col source="vin" label="VIN" />
            <DataTable.Col source="location" />
            <DataTable.Col source="seller" disableSort render={(car) => car.seller?.username} />
            <DataTable.Col source="createdAt" render={(car) => <Moment at={car.createdAt} />} />
          </DataTable>
        }
      />
    </Rows>
  );
}
