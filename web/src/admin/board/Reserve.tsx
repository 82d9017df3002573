// In words and by colour: met, or not yet.

import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import { NOTHING } from "../parts/formats";
import type { Lot } from "./lot";

export function Reserve({ lot }: { lot: Lot }) {
  const translate = useTranslate();
  if (lot.reserve_met === null && !lot.hasReserve)
    return (
      <Box component="span" sx={{ color: "text.secondary" }}>
        {NOTHING}
      </Box>
    );
  const met = lot.reserve_met === null ? "hidden" : lot.reserve_met ? "met" : "unmet";
  return (
    <Box
      component="span"
      sx={{
        color: met === "met" ? "success.main" : met === "unmet" ? "warning.main" : "text.secondary",
        fontWeight: 600,
      }}
    >
      {translate(`vendue.board.reserve_${met}`)}
    </Box>
  );
}
