// The panel's colours, sizes and type: the only place where they are written. Each pair of text and ground reaches 4.5:1.

export interface Palette {
  accent: string;
  onAccent: string;
  ground: string;
  surface: string;
  raised: string;
  ink: string;
  quiet: string;
  line: string;
  good: string;
  warning: string;
  bad: string;
  info: string;
  series: string[];
}

export const LIGHT: Palette = {
  accent: "#0b6b57",
  onAccent: "#ffffff",
  ground: "#f5f6f4",
  surface: "#ffffff",
  raised: "#eef1ee",
  ink: "#17201d",
  quiet: "#53605b",
  line: "#d9dfdb",
  good: "#0b6b57",
  warning: "#8a5000",
  bad: "#b3261e",
  info: "#1f5c99",
  series: ["#0b6b57", "#1f5c99", "#b3261e", "#8a5000", "#6a3fa0", "#53605b", "#00707f", "#98356b"],
};

export const DARK: Palette = {
  accent: "#5cc9ae",
  onAccent: "#06231c",
  ground: "#101413",
  surface: "#181d1b",
  raised: "#222927",
  ink: "#e7ecea",
  quiet: "#a3afaa",
  line: "#323b38",
  good: "#5cc9ae",
  warning: "#f0b45b",
  bad: "#ff8a80",
  info: "#8cbef0",
  series: ["#5cc9ae", "#8cbef0", "#ff8a80", "#f0b45b", "#c3a3f0", "#a3afaa", "#5fd0e0", "#f09ac8"],
};

export const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif';
export const RADIUS = 8;
export const TOUCH = 44; // px: what a finger meets
