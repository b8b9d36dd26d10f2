import type { PdfRef, PdfValue } from '@hefu/verify';
import { array, dictionary, latin1, name, type PdfUpdate } from './update.js';

/** Where a signature is seen, and as what: the picture of a seal. */
export interface PdfAppearance {
  /** From 0. */
  readonly page: number;
  /** Left, bottom, right, top, in points. */
  readonly rect: readonly [number, number, number, number];
  /** Rows from the top: three octets a pixel, and one for how opaque it is. */
  readonly image: { readonly width: number; readonly height: number; readonly rgb: Uint8Array; readonly alpha?: Uint8Array };
}

/** A form XObject that shows the picture in the whole rectangle (ISO 32000-1 §8.9, §8.10, §12.5.5). */
export function appearanceOf(update: PdfUpdate, { rect: [left, bottom, right, top], image: { width, height, rgb, alpha } }: PdfAppearance): PdfRef {
  if (rgb.length !== width * height * 3 || (alpha !== undefined && alpha.length !== width * height)) throw new TypeError('the picture has other octets than its size says');
  if (!(right > left && top > bottom)) throw new TypeError('the rectangle of an appearance is empty');
  const picture = (colours: string): Record<string, PdfValue> => ({
    Type: name('XObject'), Subtype: name('Image'), Width: width, Height: height, ColorSpace: name(colours), BitsPerComponent: 8,
  });
  const mask = alpha === undefined ? undefined : update.reserve();
  if (mask !== undefined) update.putStream(mask, picture('DeviceGray'), alpha!);
  const image = update.reserve();
  update.putStream(image, { ...picture('DeviceRGB'), ...(mask === undefined ? {} : { SMask: mask }) }, rgb);
  const form = update.reserve();
  const [w, h] = [right - left, top - bottom];
  update.putStream(form, {
    Type: name('XObject'), Subtype: name('Form'), BBox: array([0, 0, w, h]), Resources: dictionary({ XObject: dictionary({ Seal: image }) }),
  }, latin1(`q ${w} 0 0 ${h} 0 0 cm /Seal Do Q`));
  return form;
}
