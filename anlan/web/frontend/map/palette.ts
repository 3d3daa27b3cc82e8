// The tones of the ground: quiet, so that the colours of risk are the loudest thing on the map.

export interface Palette {
  outside: string; land: string; forest: string; farmland: string; reed: string; flat: string; water: string; shore: string; town: string;
  yard: string; road: string; casing: string; minor: string; rail: string; power: string; border: string; text: string; halo: string;
  waterText: string; softText: string; ink: string;
}

export const LIGHT: Palette = {
  outside: "#E6E8EA", land: "#F6F4EF", forest: "#E3EADB", farmland: "#F1F0E2", reed: "#E4EBE0", flat: "#E3E6E0", water: "#C6DAE8", shore: "#A9C4D6",
  town: "#EAE4D9", yard: "#E2DED5", road: "#FFFFFF", casing: "#C9C4BA", minor: "#DAD6CD", rail: "#A9A59D", power: "#B3ACA0",
  border: "#8A8F96", text: "#3B4149", halo: "#FBFAF7", waterText: "#4B7591", softText: "#676E77", ink: "#1A2029",
};

export const DARK: Palette = {
  outside: "#101316", land: "#1A1E23", forest: "#1B2520", farmland: "#1D2120", reed: "#1A2624", flat: "#1C2A2F", water: "#14303F", shore: "#1E4357",
  town: "#252A31", yard: "#2A3037", road: "#3C434B", casing: "#121518", minor: "#2C323A", rail: "#565E68", power: "#4A5058",
  border: "#717983", text: "#D3D8DE", halo: "#14171B", waterText: "#7FA9C4", softText: "#9AA3AD", ink: "#E6EBF1",
};
