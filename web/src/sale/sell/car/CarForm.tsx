import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useLocation } from "wouter";
import { ask, Refused } from "../../../api/http";
import type { Car, Status } from "../../../api/types";
import { Button, ButtonLink } from "../../../parts/Button";
import { Note } from "../../../parts/Note";
import { toast } from "../../../parts/Toast";
import { Form } from "../../own/Form";
import { useSaving } from "../../own/useSaving";
import { Conflict } from "../Conflict";
import { type CarRow, carPath, readTagged, type Tagged } from "../data";
import { Remove } from "../Remove";
import { useGuard } from "../useGuard";
import { CarFields } from "./CarFields";
import { readCar, typedOf } from "./fields";
import { PhotoPanel } from "./PhotoPanel";
import { usePhotos } from "./usePhotos";

// While one of its auctions is like this, its facts are what was promised.
const BINDING: Status[] = ["live", "pending_approval", "countered", "sold"];

interface CarFormProps {
  found: Tagged<CarRow> | undefined;
  startAgain: () => Promise<void>; // from what is there now
}

export function CarForm({ found, startAgain }: CarFormProps) {
  const t = useTranslations("car");
  const own = useTranslations("own");
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [{ car, etag: opened }] = useState({ car: found?.row, etag: found?.etag });
  const [before] = useState(() => typedOf(car));
  const [typed, setTyped] = useState(before);
  const photos = usePhotos(car?.photos ?? []);
  const { busy, fault, faults, check, run } = useSaving();
  const [stale, setStale] = useState(false);
  const fixed = car?.auctions?.some(({ status }) => BINDING.includes(status)) ?? false;
  const sold = car?.auctions?.some(({ status }) => status !== "draft") ?? false;
  const unsaved = !fixed && (photos.unsaved || JSON.stringify(typed) !== JSON.stringify(before));
  useGuard(unsaved && !busy);

  const send = async (etag: string | undefined): Promise<Car> => {
    const { values } = readCar(typed, "");
    await photos.saveTexts();
    const json = { data: { ...values, photos: photos.ids } };
    const { body } = car
      ? await ask<{ data: Car }>(`/api/cars/${car.documentId}`, {
          method: "PUT",
          json,
          headers: etag ? { "If-Match": etag } : {},
        })
      : await ask<{ data: Car }>("/api/cars", { method: "POST", json });
    await photos.saveDone();
    return body.data;
  };
  const save = async (etag = opened) => {
    const { faults: typos } = readCar(typed, own("faults.notANumber"));
    if (!check(typos)) return;
    const saved = await run(
      () => send(etag),
      (error) => {
        const is412 = error instanceof Refused && error.status === 412;
        if (is412) setStale(true);
        return is412;
      },
    );
    if (!saved) return;
    setStale(false);
    toast({ title: own("saved"), id: "saved" });
    client.invalidateQueries({ queryKey: ["own"] });
    if (car) await startAgain();
    else navigate(`/sell/cars/${saved.documentId}`, { replace: true });
  };
  const keepMine = async () => {
    const newer = car && (await run(() => readTagged<CarRow>(carPath(car.documentId))));
    if (newer) await save(newer.etag);
  };
  return (
    <>
      {fixed && <Note tone="ending">{t("fixed")}</Note>}
      <Form
        onSubmit={() => save()}
        busy={busy || photos.busy}
        fault={fault ?? faults.photos ?? null}
        actions={
          !fixed && (
            <>
              <Button type="submit" look="primary" busy={busy || photos.busy}>
                {t(photos.busy ? "waitForPhotos" : "save")}
              </Button>
              {car && !unsaved && (
                <ButtonLink href={`/sell/auctions/new?car=${car.documentId}`}>{t("putUp")}</ButtonLink>
              )}
              {car && !sold && (
                <Remove
                  what="car"
                  id={car.documentId}
                  open={t("remove.open")}
                  title={t("remove.title")}
                  text={t("remove.text")}
                />
              )}
            </>
          )
        }
      >
        <CarFields
          typed={typed}
          faults={faults}
          fixed={fixed}
          change={(part) => setTyped((now) => ({ ...now, ...part }))}
        />
        <PhotoPanel photos={photos} fixed={fixed} />
      </Form>
      <Conflict open={stale} busy={busy} onClose={() => setStale(false)} onTheirs={startAgain} onMine={keepMine} />
    </>
  );
}
