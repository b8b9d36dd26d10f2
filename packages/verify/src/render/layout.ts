export { columns, hanging, padEnd, textWidth, visible, wrap } from '@hefu/trust-list';
