/** What is being done and for how long: one line that is written over on a terminal, nothing elsewhere. */

export interface Progress {
  begin(what: string): void;
  end(): void;
}

const EVERY = 500;

export function progress(stream: NodeJS.WriteStream): Progress {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    stream.write('\r\x1b[K');
  };
  return {
    begin(what) {
      end();
      if (!stream.isTTY) return;
      const start = performance.now();
      const draw = (): void => {
        const seconds = Math.round((performance.now() - start) / 1000);
        stream.write(`\r\x1b[K${`${what} … ${seconds} s`.slice(0, (stream.columns ?? 80) - 1)}`);
      };
      draw();
      timer = setInterval(draw, EVERY);
      timer.unref();
    },
    end,
  };
}
