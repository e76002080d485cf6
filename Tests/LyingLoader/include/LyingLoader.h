#pragma once

// The one function that a program finds in a Vulkan loader; see LyingLoader.c for the lies. It is declared
// there, by Vulkan's own header.
