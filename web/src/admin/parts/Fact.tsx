import { Typography } from "@mui/material";
import type { ReactNode } from "react";
import { useTranslate } from "react-admin";

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  const translate = useTranslate();
  return (
    <div>
      <Typography variant="caption" color="textSecondary" component="div">
        {translate(label)}
      </Typography>
      {children}
    </div>
  );
}
