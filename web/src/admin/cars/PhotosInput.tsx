// Photos of a car: dropped or chosen, put in order by dragging or by buttons.

import { Alert, Box, Button, LinearProgress, Typography } from "@mui/material";
import { type DragEvent, useRef, useState } from "react";
import { useTranslate } from "react-admin";
import { PhotoCard } from "./PhotoCard";
import { usePhotos } from "./usePhotos";

export function PhotosInput({ source }: { source: string }) {
  const translate = useTranslate();
  const { photos, sending, fault, add, move, remove, replace, dismiss } = usePhotos(source);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files].filter((file) => file.type.startsWith("image/"));
    if (files.length) void add(files);
  }

  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0 }}>
      <Typography component="legend" sx={{ fontWeight: 600, mb: 1 }}>
        {translate("resources.cars.fields.photos")}
      </Typography>
      <Box
        onDrop={drop}
        onDragOver={(event) => {
          event.preventDefault();
          if (dragged === null) setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        sx={{
          border: "2px dashed",
          borderColor: over ? "primary.main" : "divider",
          borderRadius: 2,
          p: 2,
          display: "grid",
          gap: 2,
        }}
      >
        <Box
          component="ol"
          sx={{
            listStyle: "none",
            m: 0,
            p: 0,
            display: "grid",
            gap: 1.5,
            gridTemplateColumns: "repeat(auto-fill, minmax(190px, 1fr))",
          }}
        >
          {photos.map((photo, at) => (
            <PhotoCard
              key={photo.id}
              photo={photo}
              at={at}
              count={photos.length}
              move={move}
              remove={remove}
              replace={replace}
              drag={{
                start: () => setDragged(at),
                end: () => setDragged(null),
                drop: () => dragged !== null && move(dragged, at),
              }}
            />
          ))}
        </Box>
        {sending.map(({ name, part, fault: failed }) =>
          failed ? (
            <Alert key={name} severity="error" onClose={() => dismiss(name)}>
              {name}: {failed}
            </Alert>
          ) : (
            <Box key={name}>
              <Typography variant="body2">
                {name} · {Math.round(part * 100)} %
              </Typography>
              <LinearProgress variant="determinate" value={part * 100} aria-label={name} />
            </Box>
          ),
        )}
        <Box sx={{ display: "flex", gap: 2, alignItems: "center", flexWrap: "wrap" }}>
          <Button variant="outlined" onClick={() => chooser.current?.click()}>
            {translate("vendue.photos.choose")}
          </Button>
          <input
            ref={chooser}
            type="file"
            multiple
            accept="image/jpeg,image/png,image/webp"
            hidden
            onChange={(event) => {
              void add([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <Typography variant="body2" color="textSecondary">
            {translate("vendue.photos.help")}
          </Typography>
        </Box>
        {fault && <Alert severity="error">{fault}</Alert>}
      </Box>
    </Box>
  );
}
