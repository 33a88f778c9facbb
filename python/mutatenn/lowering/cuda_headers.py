"""The two headers of CUDA's C++ library that TVM's kernels include, as far as they use them.

NVRTC's wheel holds no headers; what is here stands in for them where no toolkit is installed.
"""

from __future__ import annotations

_CSTDINT = """#pragma once
namespace cuda { namespace std {
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;
} }
"""

_TYPE_TRAITS = """#pragma once
namespace cuda { namespace std {
template <class T> struct bare { typedef T type; };
template <class T> struct bare<const T> : bare<T> {};
template <class T> struct bare<volatile T> : bare<T> {};
template <class T> struct bare<const volatile T> : bare<T> {};
template <class A, class B> struct is_same { static constexpr bool value = false; };
template <class A> struct is_same<A, A> { static constexpr bool value = true; };
template <class A, class B> inline constexpr bool is_same_v = is_same<A, B>::value;
template <class T, class... Us> struct is_any {
  static constexpr bool value = (is_same_v<typename bare<T>::type, Us> || ...);
};
template <class T> struct is_integral
    : is_any<T, bool, char, signed char, unsigned char, wchar_t, char16_t, char32_t, short,
             unsigned short, int, unsigned int, long, unsigned long, long long,
             unsigned long long> {};
template <class T> struct is_floating_point : is_any<T, float, double, long double> {};
template <class T, bool = is_integral<T>::value || is_floating_point<T>::value>
struct is_signed { static constexpr bool value = T(-1) < T(0); };
template <class T> struct is_signed<T, false> { static constexpr bool value = false; };
template <class T, bool = is_integral<T>::value>
struct is_unsigned { static constexpr bool value = T(0) < T(-1); };
template <class T> struct is_unsigned<T, false> { static constexpr bool value = false; };
template <bool, class T = void> struct enable_if {};
template <class T> struct enable_if<true, T> { typedef T type; };
template <bool, class A, class B> struct conditional { typedef A type; };
template <class A, class B> struct conditional<false, A, B> { typedef B type; };
} }
"""

HEADERS = {"cuda/std/cstdint": _CSTDINT, "cuda/std/type_traits": _TYPE_TRAITS}
"""Texts by the name that includes them."""
