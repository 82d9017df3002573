// The tokens of the theme that is shown, for what MUI does not draw.

import { useTheme } from "@mui/material/styles";
import { DARK, LIGHT, type Palette } from "./tokens";

export const usePalette = (): Palette => (useTheme().palette.mode === "dark" ? DARK : LIGHT);
