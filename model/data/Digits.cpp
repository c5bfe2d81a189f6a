#include "model/data/Digits.h"

#include "model/core/Random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>

namespace layersmith {

namespace {

struct Point {
  double x;
  double y;
};

// Each digit as points of one pen, in a box of 1 x 1 with y downward.
using Strokes = std::vector<Point>;

Strokes arc(double x, double y, double rx, double ry, double from, double to) {
  constexpr int kPieces = 10;
  Strokes points;
  for (int i = 0; i <= kPieces; ++i) {
    const double t = (from + (to - from) * i / kPieces) * std::numbers::pi / 180;
    points.push_back({x + rx * std::cos(t), y + ry * std::sin(t)});
  }
  return points;
}

Strokes joined(std::initializer_list<Strokes> parts) {
  Strokes all;
  for (const Strokes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const std::array<Strokes, 10>& digitStrokes() {
  static const std::array<Strokes, 10> all = {{
      arc(0.5, 0.5, 0.32, 0.48, 0, 360),
      {{0.3, 0.2}, {0.55, 0.02}, {0.55, 0.98}},
      joined({arc(0.5, 0.28, 0.3, 0.26, 190, 400), {{0.18, 0.97}, {0.84, 0.97}}}),
      joined({arc(0.45, 0.26, 0.3, 0.24, 200, 450), arc(0.45, 0.74, 0.34, 0.24, 270, 520)}),
      {{0.68, 0.98}, {0.68, 0.02}, {0.14, 0.66}, {0.9, 0.66}},
      joined({{{0.8, 0.03}, {0.28, 0.03}, {0.24, 0.44}}, arc(0.48, 0.68, 0.34, 0.29, 240, 500)}),
      joined({{{0.7, 0.04}, {0.4, 0.3}}, arc(0.5, 0.7, 0.3, 0.28, 200, 560)}),
      {{0.16, 0.04}, {0.84, 0.04}, {0.42, 0.98}},
      joined({arc(0.5, 0.26, 0.26, 0.24, 90, 450), arc(0.5, 0.75, 0.32, 0.24, -90, 270)}),
      joined({arc(0.5, 0.3, 0.3, 0.28, 0, 360), {{0.8, 0.3}, {0.72, 0.7}, {0.5, 0.98}}}),
  }};
  return all;
}

double distanceToSegment(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double length = dx * dx + dy * dy;
  const double t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/// One person's way of writing: where, how large, how slanted, how thick.
struct Hand {
  double shiftX, shiftY, width, height, turn, slant, thickness, strength;

  explicit Hand(const Random& random) {
    auto between = [&, index = std::uint64_t(0)](double low, double high) mutable {
      return low + (high - low) * random.uniform(index++);
    };
    shiftX = between(-1.3, 1.3);
    shiftY = between(-1.0, 1.0);
    width = between(5.2, 8.0);
    height = between(7.2, 9.6);
    turn = between(-0.2, 0.2);
    slant = between(-0.25, 0.25);
    thickness = between(0.55, 0.95);
    strength = between(0.75, 1.0);
  }

  Point placed(Point p) const {
    const double x = (p.x - 0.5) * width - slant * (p.y - 0.5) * height;
    const double y = (p.y - 0.5) * height;
    const double center = kDigitSide / 2.0;
    return {center + shiftX + x * std::cos(turn) - y * std::sin(turn),
            center + shiftY + x * std::sin(turn) + y * std::cos(turn)};
  }
};

void draw(const Strokes& strokes, const Hand& hand, const Random& grain, double noise, std::span<std::uint8_t> pixels) {
  Strokes placed;
  for (Point point : strokes) placed.push_back(hand.placed(point));
  for (int y = 0; y < kDigitSide; ++y) {
    for (int x = 0; x < kDigitSide; ++x) {
      double distance = 1e9;
      for (std::size_t i = 1; i < placed.size(); ++i)
        distance = std::min(distance, distanceToSegment({x + 0.5, y + 0.5}, placed[i - 1], placed[i]));
      const auto index = std::size_t(y * kDigitSide + x);
      const double ink = hand.strength * std::clamp(hand.thickness + 0.5 - distance, 0.0, 1.0);
      const double value = ink + noise * grain.normal(1000 + index);
      pixels[index] = std::uint8_t(std::lround(std::clamp(value, 0.0, 1.0) * 255));
    }
  }
}

}  // namespace

std::shared_ptr<const RawData> makeDigits(int samples, double noise, std::uint64_t seed) {
  constexpr std::uint64_t kStream = 0x4449'4749'0000'0000;  // "DIGI"
  constexpr std::size_t kPixels = std::size_t(kDigitSide) * kDigitSide;
  auto raw = std::make_shared<RawData>();
  raw->rows = samples;
  raw->imageShape = {kDigitSide, kDigitSide, 1};
  raw->pixels.resize(std::size_t(samples) * kPixels);
  for (int i = 0; i < samples; ++i) {
    const int digit = i % 10;
    const Random random(seed, kStream + std::uint64_t(i));
    draw(digitStrokes()[std::size_t(digit)], Hand(random), random, noise,
         std::span(raw->pixels).subspan(std::size_t(i) * kPixels, kPixels));
    raw->labels.push_back(digit);
  }
  return raw;
}

}  // namespace layersmith
