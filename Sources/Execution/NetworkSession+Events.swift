public import Measurement
public import Prediction
public import Store
public import Tables

extension NetworkSession {
  /// An event in a session, for whoever shows it.
  public enum Event {
    /// Times are those of the wall clock, and why.
    case wallClock(reason: String)
    /// Races begin of so many layers that no table or race has.
    case racing(layers: Int)
    /// A step of these races.
    case race(CampaignEvent)
    /// The races have ended.
    case raced
    /// The kernel of a step of a network is about to be checked; steps count from 0.
    case checking(step: Int, of: Int)
  }

  /// The reason why a session could not do as it was asked.
  public enum Stop: Error {
    /// The store cannot be read or written.
    case store(StoreError)
    /// The device cannot be timed.
    case untimed(Failure)
    /// The device, or a network on it.
    case device(Failure)
    /// The races ended early.
    case races(Campaign.Stop)
    /// A table of another device does not say how fast this one is, whose fingerprint is `own`.
    case otherDevice(name: String, fingerprint: String, own: String)
    /// Nothing can be predicted by the table.
    case prediction(PredictionError)
    /// It was asked to stop; whether the same work carries on from the store.
    case interrupted(carriesOn: Bool)
  }
}
