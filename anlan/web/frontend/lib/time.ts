// Local time of the product on axes, where kit/time's words would be too long.

import { language } from "kit/i18n";

const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(language(), { timeZone: "Asia/Shanghai", hourCycle: "h23", ...options });

export const hourMinute = (ms: number): string => format({ hour: "2-digit", minute: "2-digit" }).format(ms);
export const dayMinute = (ms: number): string =>
  format({ month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }).format(ms);
