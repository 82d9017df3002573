import BackIcon from "@mui/icons-material/ArrowBack";
import ForwardIcon from "@mui/icons-material/ArrowForward";
import RemoveIcon from "@mui/icons-material/Close";
import { Box, IconButton, Paper, TextField, Typography } from "@mui/material";
import { useState } from "react";
import { useDataProvider, useNotify, useTranslate } from "react-admin";
import { useFault } from "../parts/useResult";
import type { FormPhoto } from "./usePhotos";

interface Props {
  photo: FormPhoto;
  at: number;
  count: number;
  move: (from: number, to: number) => void;
  remove: (at: number) => void;
  replace: (photo: FormPhoto) => void;
  drag: { start: () => void; end: () => void; drop: () => void };
}

export function PhotoCard({ photo, at, count, move, remove, replace, drag }: Props) {
  const translate = useTranslate();
  const of = { name: photo.alternativeText || photo.name };
  return (
    <Paper
      component="li"
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", photo.name);
        drag.start();
      }}
      onDragEnd={drag.end}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        if (event.dataTransfer.files.length) return;
        event.preventDefault();
        event.stopPropagation();
        drag.drop();
      }}
      sx={{ overflow: "hidden", cursor: "grab", display: "grid" }}
    >
      <Box
        component="img"
        src={photo.formats?.small?.url ?? photo.formats?.thumbnail?.url ?? photo.url}
        alt={photo.alternativeText ?? ""}
        draggable={false}
        sx={{ width: "100%", aspectRatio: "4 / 3", objectFit: "cover", display: "block", bgcolor: "action.hover" }}
      />
      <Box sx={{ display: "flex", alignItems: "center", px: 0.5 }}>
        <Typography variant="body2" sx={{ flex: 1, pl: 1 }}>
          {at === 0 ? translate("vendue.photos.first") : at + 1}
        </Typography>
        <IconButton
          size="small"
          disabled={at === 0}
          onClick={() => move(at, at - 1)}
          aria-label={translate("vendue.photos.earlier", of)}
        >
          <BackIcon fontSize="small" />
        </IconButton>
        <IconButton
          size="small"
          disabled={at === count - 1}
          onClick={() => move(at, at + 1)}
          aria-label={translate("vendue.photos.later", of)}
        >
          <ForwardIcon fontSize="small" />
        </IconButton>
        <IconButton size="small" onClick={() => remove(at)} aria-label={translate("vendue.photos.remove", of)}>
          <RemoveIcon fontSize="small" />
        </IconButton>
      </Box>
      <AlternativeText photo={photo} replace={replace} />
    </Paper>
  );
}

// Kept with the photo itself, at once: another car may show it too.
function AlternativeText({ photo, replace }: Pick<Props, "photo" | "replace">) {
  const translate = useTranslate();
  const provider = useDataProvider();
  const notify = useNotify();
  const faultOf = useFault();
  const [text, setText] = useState(photo.alternativeText ?? "");

  async function save() {
    if (text === (photo.alternativeText ?? "")) return;
    try {
      const asked = { id: photo.id, data: { ...photo, alternativeText: text }, previousData: photo };
      const { data } = await provider.update("files", asked);
      replace(data as FormPhoto);
    } catch (error) {
      notify(faultOf(error), { type: "error" });
    }
  }

  return (
    <TextField
      label={translate("vendue.photos.alternative")}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={save}
      sx={{ m: 1, mt: 0.5 }}
      slotProps={{ htmlInput: { maxLength: 1000 } }}
    />
  );
}
