// Lines over ten minutes, and the same as figures in a table for who does not see them.

import { Box, Paper, Table, TableBody, TableCell, TableHead, TableRow, Typography } from "@mui/material";
import { useId } from "react";
import { useTranslate } from "react-admin";
import { usePalette } from "../look/usePalette";
import { NOTHING, useFormats } from "../parts/formats";
import { Lines } from "./Lines";
import type { Series } from "./series";

interface Props {
  title: string;
  unit: string;
  times: number[];
  series: Series[];
}

const rounded = (value: number) => (value >= 100 ? Math.round(value) : Math.round(value * 10) / 10);

export function Picture({ title, unit, times, series }: Props) {
  const translate = useTranslate();
  const { number } = useFormats();
  const { series: colours } = usePalette();
  const id = useId();
  const shown = (value: number | null | undefined) =>
    value === null || value === undefined ? NOTHING : number(rounded(value));
  const most = (values: (number | null)[]) =>
    values.reduce<number | null>((top, each) => (each === null ? top : Math.max(top ?? each, each)), null);
  return (
    <Paper component="section" aria-labelledby={id} sx={{ p: 2, minWidth: 0 }}>
      <Typography id={id} component="h2" variant="subtitle1" sx={{ fontWeight: 650 }}>
        {title}{" "}
        <Box component="span" sx={{ color: "text.secondary", fontWeight: 400 }}>
          {unit}
        </Box>
      </Typography>
      <Lines times={times} series={series} colours={colours} />
      <Table size="small" sx={{ "& td, & th": { border: 0, py: 0.25 } }}>
        <TableHead>
          <TableRow>
            <TableCell>{translate("vendue.health.line")}</TableCell>
            <TableCell align="right">{translate("vendue.health.now")}</TableCell>
            <TableCell align="right">{translate("vendue.health.most")}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {series.map(({ name, values }, at) => (
            <TableRow key={name}>
              <TableCell component="th" scope="row">
                <Box
                  component="span"
                  aria-hidden
                  sx={{
                    display: "inline-block",
                    width: 12,
                    height: 3,
                    mr: 1,
                    verticalAlign: "middle",
                    bgcolor: colours[at % colours.length],
                  }}
                />
                {name}
              </TableCell>
              <TableCell align="right">{shown(values.at(-1))}</TableCell>
              <TableCell align="right">{shown(most(values))}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Paper>
  );
}
