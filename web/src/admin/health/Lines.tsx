import { Box, useTheme } from "@mui/material";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { FONT } from "../look/tokens";
import type { Series } from "./series";

const HEIGHT = 150;
const LEAST_S = 60;
const MOST_S = 600;

const now = () => Date.now() / 1000;
const span = (first: number, last: number): [number, number] => [
  Math.max(Math.min(first, last - LEAST_S), last - MOST_S),
  last,
];
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

interface Props {
  times: number[];
  series: Series[];
  colours: string[];
}

export function Lines({ times, series, colours }: Props) {
  const theme = useTheme();
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const names = series.map(({ name }) => name).join("|");
  const { secondary } = theme.palette.text;
  const { divider } = theme.palette;

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const axis = {
      stroke: secondary,
      font: `12px ${FONT}`,
      grid: { stroke: divider, width: 1 },
      ticks: { stroke: divider },
    };
    const lines = names.split("|").map((label, at) => ({
      label,
      stroke: colours[at % colours.length],
      width: 1.5,
      points: { show: false },
    }));
    const drawn = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { range: (_, first, last) => span(first ?? now(), last ?? now()) },
          y: { range: (_, __, most) => [0, Math.max(1, (most ?? 0) * 1.1)] },
        },
        axes: [
          { ...axis, space: 70, values: (_, at) => at.map((each) => clock.format(each * 1000)) },
          { ...axis, size: 48 },
        ],
        series: [{}, ...lines],
      },
      [[], ...lines.map(() => [])] as uPlot.AlignedData,
      element,
    );
    plot.current = drawn;
    const sized = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }));
    sized.observe(element);
    return () => {
      sized.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [names, colours, secondary, divider]);

  useEffect(() => {
    // Before there is a line, one without a point: times have their axis all the same.
    const lines = series.length ? series.map(({ values }) => values) : [times.map(() => null)];
    plot.current?.setData([times, ...lines] as uPlot.AlignedData);
  });

  // The table below says the same.
  return <Box ref={holder} aria-hidden sx={{ height: HEIGHT, width: "100%", my: 1, overflow: "hidden" }} />;
}
