// All of an auction at a glance: how it stands, then its terms.

import { Alert, Link as Anchor, Box, Typography } from "@mui/material";
import type { ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import type { Auction } from "../../api/types";
import { useStanding, useWatch } from "../../live/use";
import { Fact } from "../parts/Fact";
import { NOTHING, useFormats } from "../parts/formats";
import { StatusChip } from "../parts/StatusChip";

interface Seen extends Omit<Auction, "seller"> {
  id: unknown & number;
  seller?: { id: string; username: string } | null;
}

export function AuctionFacts({ auction }: { auction: Auction }) {
  const translate = useTranslate();
  const { money, moment, number } = useFormats();
  useWatch(auction.status === "draft" ? [] : [auction.documentId]);
  const standing = useStanding(auction.documentId);
  const seen = auction as Seen;
  const now =
    standing && standing.seq > (auction.seq ?? 0) ? { ...auction, ...standing, bids_count: standing.bids } : auction;
  const cash = (value: number | null | undefined) => money(value, auction.currency);
  const seconds = (ms: number | null | undefined) => (ms ? `${number(ms / 1000)} s` : NOTHING);
  const yes = (value: boolean | null) =>
    value === null ? NOTHING : translate(value ? "ra.boolean.true" : "ra.boolean.false");
  const soft = auction.soft_close;
  const facts: [string, ReactNode][] = [
    ["status", <StatusChip key="status" status={now.status} />],
    ["price", cash(now.hammer_price ?? now.price)],
    ["minimum_next", cash(now.minimum_next)],
    ["bids_count", number(now.bids_count)],
    ["leader", now.leader ?? NOTHING],
    ["reserve_met", yes(now.reserve_met)],
    ["offer", cash(seen.offer)],
    ["starts_at", moment(now.starts_at)],
    ["ends_at", moment(now.ends_at)],
    ["closed_at", moment(now.closed_at)],
  ];
  const terms: [string, ReactNode][] = [
    ["format", auction.format ? translate(`vendue.format.${auction.format}`) : NOTHING],
    ["starting_price", cash(auction.starting_price)],
    ["reserve_price", cash(auction.reserve_price)],
    ["buy_now_price", cash(auction.buy_now_price)],
    ["proxy", yes(auction.proxy)],
    [
      "increments",
      typeof seen.increments === "string"
        ? seen.increments
        : seen.increments
          ? JSON.stringify(seen.increments)
          : NOTHING,
    ],
    [
      "soft_close",
      soft
        ? `${seconds(soft.window_ms)} / ${seconds(soft.extend_ms)} ${translate(`vendue.soft_close_mode.${soft.mode}`)}`
        : NOTHING,
    ],
    ["max_jump_percent", auction.max_jump_percent ? `${number(auction.max_jump_percent)} %` : NOTHING],
    ["decrement", auction.decrement ? `${cash(auction.decrement)} / ${seconds(auction.decrement_every_ms)}` : NOTHING],
    ["floor_price", cash(auction.floor_price)],
    ["sale_terms", auction.sale_terms ? translate(`vendue.sale_terms.${auction.sale_terms}`) : NOTHING],
  ];
  const car = auction.car;
  return (
    <>
      {auction.cancel_reason && <Alert severity="warning">{auction.cancel_reason}</Alert>}
      <Facts facts={facts} />
      <Typography>
        {car && (
          <Anchor component={Link} to={`/cars/${car.documentId}/show`}>
            {[car.year, car.make, car.model].filter(Boolean).join(" ")}
          </Anchor>
        )}
        {car && seen.seller && " · "}
        {seen.seller && (
          <Anchor component={Link} to={`/users/${seen.seller.id}`}>
            {seen.seller.username}
          </Anchor>
        )}
      </Typography>
      <section>
        <Typography component="h2" variant="h6" sx={{ mb: 1 }}>
          {translate("vendue.terms.title")}
        </Typography>
        <Facts facts={terms} />
      </section>
    </>
  );
}

function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <Box sx={{ display: "grid", gap: 1.5, gridTemplateColumns: "repeat(auto-fill, minmax(150px, 1fr))" }}>
      {facts.map(([name, value]) => (
        <Fact key={name} label={`resources.auctions.fields.${name}`}>
          {value}
        </Fact>
      ))}
    </Box>
  );
}
