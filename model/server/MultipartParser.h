#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace layersmith {

/// The head of one part of a form. Client names are for comparing only, never paths.
struct FormPart {
  std::string name;
  std::string fileName;
  std::string contentType;
};

/// What MultipartParser finds, in order: begin, any number of data, end, for each part. May throw.
class FormReceiver {
 public:
  virtual ~FormReceiver() = default;
  virtual void beginPart(const FormPart& part) = 0;
  virtual void partData(std::string_view bytes) = 0;
  virtual void endPart() = 0;
};

/// Takes a multipart/form-data body apart while it comes, in pieces of any size, holding at most one part header or one
/// delimiter of it. Source: RFC 7578 and RFC 2046 section 5.1.
/// Errors: Refusal 400 for what is no such form, 413 over the limits of parts and part headers.
class MultipartParser {
 public:
  MultipartParser(std::string_view boundary, FormReceiver& receiver);

  void write(std::string_view bytes);
  void finish();  ///< the body is over: refuses one that ends inside

 private:
  enum class State { Preamble, Data, AfterDelimiter, Header, Epilogue };

  bool step();  ///< false: needs more bytes
  bool skipPreamble();
  bool takeData();
  bool readAfterDelimiter();
  bool readHeader();

  std::string m_delimiter;  ///< "\r\n--boundary"
  FormReceiver& m_receiver;
  std::string m_pending;
  State m_state = State::Preamble;
  std::int64_t m_passed = 0;  ///< bytes of preamble or epilogue
  int m_parts = 0;
};

/// The boundary of a Content-Type; empty when it is not multipart/form-data or names none that RFC 2046 allows.
std::string formBoundary(std::string_view contentType);

/// The head of a part from its header lines ("Name: value", each ending in CRLF). Errors: Refusal 400.
FormPart parsePartHeader(std::string_view lines);

}  // namespace layersmith
