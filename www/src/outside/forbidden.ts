// Whether the content policy of the site that hosts the page has forbidden a request. The failed request itself does not say.

/** The event comes a moment after the failure, milliseconds. */
const MOMENT_MS = 100;

/** Watches requests to an origin, until it is ended. */
export class Watch {
  #seen = false;
  readonly #watching = new AbortController();

  constructor(origin: string) {
    document.addEventListener(
      'securitypolicyviolation',
      ({ effectiveDirective, blockedURI }) => {
        // A report-only policy forbids nothing, but sends the same event; then the request succeeds.
        if (effectiveDirective === 'connect-src' && URL.canParse(blockedURI) && new URL(blockedURI).origin === origin) this.#seen = true;
      },
      { signal: this.#watching.signal },
    );
  }

  /** Asked after a request has failed: whether that was the reason. */
  isForbidden = async (): Promise<boolean> => {
    if (!this.#seen) await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
    return this.#seen;
  };

  end(): void {
    this.#watching.abort();
  }
}
