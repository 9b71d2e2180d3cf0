/** Asking the API: JSON both ways, the session's cookie, an error with the code and the sentence. */
import type { Problem as ServersProblem } from "./types";

export class Problem extends Error {
  constructor(readonly status: number, readonly code: string, detail: string) { super(detail); }
}

export class Server {
  constructor(private readonly csrf: string) {}

  async get<T>(address: string, signal?: AbortSignal): Promise<T> {
    return this.ask<T>(address, { method: "GET", ...(signal ? { signal } : {}) });
  }

  async post<T>(address: string, body: unknown = {}): Promise<T> {
    return this.ask<T>(address, { method: "POST", body: JSON.stringify(body), keepalive: true });
  }

  private async ask<T>(address: string, init: RequestInit): Promise<T> {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": this.csrf };
    let response: Response;
    try {
      response = await fetch(address, { ...init, headers, credentials: "same-origin", redirect: "manual" });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Problem(0, "unreachable", "The server does not answer.");
    }
    if (response.type === "opaqueredirect" || response.status === 401) throw new Problem(401, "signed-out", "You are signed out. Reload the page to sign in.");
    if (!response.ok) throw await problemOf(response);
    return (await response.json()) as T;
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Partial<ServersProblem>;
    return new Problem(response.status, body.code ?? "error", body.detail ?? body.title ?? "This could not be done.");
  } catch {
    const words = response.status === 403 ? "You may not do this." : response.status === 404 ? "There is nothing there." : "The server could not do this.";
    return new Problem(response.status, "error", words);
  }
}

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
