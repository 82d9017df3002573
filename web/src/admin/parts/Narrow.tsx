// A list as a table on a desk, as lines on a phone.

import { useMediaQuery } from "@mui/material";
import type { Theme } from "@mui/material/styles";
import type { ReactNode } from "react";
import { useTranslate } from "react-admin";

export const useNarrow = (): boolean => useMediaQuery<Theme>((theme) => theme.breakpoints.down("sm"));

export function Narrow({ narrow, wide }: { narrow: ReactNode; wide: ReactNode }) {
  return useNarrow() ? narrow : wide;
}

// A label of a resource's field, where react-admin does not find it by itself.
export function useLabel(resource: string): (field: string) => string {
  const translate = useTranslate();
  return (field) => translate(`resources.${resource}.fields.${field}`);
}
