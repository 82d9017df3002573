// A photo on its way up. fetch tells no progress, so this is the one place with XMLHttpRequest.

import { currentSession, renew } from "./session";
import type { ErrorBody, Photo } from "./types";

export const MOST_BYTES = 15 * 2 ** 20; // of a photo, as the server sets it at first
export const TAKEN = ["image/jpeg", "image/png", "image/webp"];

export type Sent = { photo: Photo } | { error: ErrorBody | null; retryAfterS: number };

// `progress` from 0 to 1, of sending; the server then takes a moment to develop it.
export async function sendPhoto(file: File, progress: (part: number) => void, signal?: AbortSignal): Promise<Sent> {
  const first = await send(file, progress, signal);
  const ranOut = "error" in first && first.error?.status === 401;
  return ranOut && (await renew()) ? send(file, progress, signal) : first;
}

function send(file: File, progress: (part: number) => void, signal?: AbortSignal): Promise<Sent> {
  const request = new XMLHttpRequest();
  request.open("POST", "/api/upload");
  request.setRequestHeader("Authorization", `Bearer ${currentSession().token ?? ""}`);
  request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
  const body = new FormData();
  body.append("files", file);
  return new Promise((done) => {
    const failed = () => done({ error: null, retryAfterS: 0 });
    request.onerror = failed;
    request.onabort = failed;
    request.onload = () => done(read(request));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

function read(request: XMLHttpRequest): Sent {
  const retryAfterS = Number(request.getResponseHeader("Retry-After") ?? 0);
  try {
    const body = JSON.parse(request.responseText);
    if (request.status === 201) return { photo: (body as [Photo])[0] };
    return { error: (body as { error: ErrorBody }).error, retryAfterS };
  } catch {
    return { error: null, retryAfterS };
  }
}
