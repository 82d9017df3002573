import { Box } from "@mui/material";
import { DataTable, type RaRecord, SearchInput, SelectInput, SimpleList, useTranslate } from "react-admin";
import { BulkDelete } from "../parts/BulkDelete";
import { exportAs } from "../parts/exportAs";
import { useFormats } from "../parts/formats";
import { Moment } from "../parts/Moment";
import { Narrow } from "../parts/Narrow";
import { Rows } from "../parts/Rows";

const TYPES = ["image/jpeg", "image/png", "image/webp"].map((id) => ({ id, name: id }));

function useFilters() {
  const translate = useTranslate();
  return [
    <SearchInput key="q" source="q" alwaysOn />,
    <SelectInput key="mime" source="mime:eq" label={translate("resources.files.fields.mime")} choices={TYPES} />,
  ];
}

function Thumb({ file }: { file: Partial<RaRecord> }) {
  return (
    <Box
      component="img"
      loading="lazy"
      src={file.formats?.thumbnail?.url ?? file.url}
      alt=""
      sx={{ width: 64, height: 48, objectFit: "cover", borderRadius: 1, display: "block" }}
    />
  );
}

const exported = ({ documentId, name, alternativeText, caption, width, height, size, mime, url }: RaRecord) => ({
  id: documentId,
  name,
  alternativeText,
  caption,
  width,
  height,
  size,
  mime,
  url,
});

export default function FileList() {
  const { number } = useFormats();
  const size = (file: RaRecord) => `${file.width} × ${file.height} · ${number(Math.round(file.size))} kB`;
  return (
    <Rows filters={useFilters()} sort={{ field: "createdAt", order: "DESC" }} exporter={exportAs("files", exported)}>
      <Narrow
        narrow={
          <SimpleList
            leftIcon={(file) => <Thumb file={file} />}
            primaryText={(file) => file.name}
            secondaryText={size}
            rowClick="edit"
          />
        }
        wide={
          <DataTable rowClick="edit" bulkActionButtons={<BulkDelete />}>
            <DataTable.Col source="url" disableSort render={(file) => <Thumb file={file} />} />
            <DataTable.Col source="name" />
            <DataTable.Col source="alternativeText" />
            <DataTable.Col source="size" disableSort render={size} />
            <DataTable.Col source="mime" />
            <DataTable.Col source="createdAt" render={(file) => <Moment at={file.createdAt} />} />
          </DataTable>
        }
      />
    </Rows>
  );
}
