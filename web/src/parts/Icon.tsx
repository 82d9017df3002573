// Drawn for this app, on a field of 20 by 20, by lines of one width.
const PATHS = {
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.5 13.5 17 17",
  close: "M5 5l10 10M15 5 5 15",
  check: "m4 10.5 4 4 8-9",
  down: "m5.5 8 4.5 4.5L14.5 8",
  left: "M12 4.5 6.5 10l5.5 5.5",
  right: "M8 4.5l5.5 5.5L8 15.5",
  auctions: "M3 13h14M4.5 13V9.5L6.5 5h7l2 4.5V13M4.5 9.5h11M5.5 13v2.5M14.5 13v2.5",
  watch: "M10 16.5S3 12.6 3 7.9A3.7 3.7 0 0 1 10 6a3.7 3.7 0 0 1 7 1.9c0 4.7-7 8.6-7 8.6Z",
  bids: "M8.5 3.5l5 5M6 6l5 5M9.8 4.8 7.3 7.3M12.2 7.2 9.7 9.7M9.5 9.5 3.5 15.5M10 17h7",
  sell: "M10 4v12M4 10h12",
  person: "M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM3.8 16.6c.8-2.9 3.3-4.3 6.2-4.3s5.400 1.400 6.200 4.300",
  tune: "M3 6h7M14 6h3M3 14h3M10 14h7M12 4v4M8 12v4",
  sun: "M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M15.700 4.300l-1.100 1.100M5.400 14.600l-1.100 1.100",
  filter: "M3 5h14M6 10h8M8.500 15h3",
  enlarge: "M12 3.500h4.500V8M8 16.500H3.500V12M16.500 3.500 11.500 8.500M3.500 16.500l5-5",
  bell: "M5 13.500V9a5 5 0 0 1 10 0v4.500l1.500 1.500h-13ZM8.300 17.300h3.400",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4.300l2.700 1.700",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20, filled }: { name: IconName; size?: number; filled?: boolean }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill={filled ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
